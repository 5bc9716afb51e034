import { describe, expect, it } from '@jest/globals';
import { FiscalCalendar } from './fiscal-year.js';

const HOUR_MS = 3_600_000;

describe('FiscalCalendar', () => {
  it.each([
    ['04-01', 'UTC', 2026, '2026-04-01T00:00:00.000Z', '2027-04-01T00:00:00.000Z'],
    // Summer time has begun by then.
    ['04-01', 'Europe/Berlin', 2026, '2026-03-31T22:00:00.000Z', '2027-03-31T22:00:00.000Z'],
    ['04-01', 'Asia/Tokyo', 2026, '2026-03-31T15:00:00.000Z', '2027-03-31T15:00:00.000Z'],
    ['01-01', 'Pacific/Kiritimati', 2026, '2025-12-31T10:00:00.000Z', '2026-12-31T10:00:00.000Z'],
    ['01-01', 'Etc/GMT+12', 2026, '2026-01-01T12:00:00.000Z', '2027-01-01T12:00:00.000Z'],
    ['07-01', 'Australia/Sydney', 2026, '2026-06-30T14:00:00.000Z', '2027-06-30T14:00:00.000Z'],
  ])('takes the year from %s in %s from midnight to midnight', (start, zone, year, from, to) => {
    const period = new FiscalCalendar(start, zone).periodOf(year);

    expect([period.from.toISOString(), period.to.toISOString()]).toEqual([from, to]);
  });

  it('gives a year with a leap day one day more', () => {
    const calendar = new FiscalCalendar('03-01', 'Europe/Berlin');
    const days = (year: number) => {
      const { from, to } = calendar.periodOf(year);
      return (to.getTime() - from.getTime()) / (24 * HOUR_MS);
    };

    expect([2026, 2027, 2028].map(days)).toEqual([365, 366, 365]);
    // A century without one, and one with it.
    expect([2099, 2399].map(days)).toEqual([365, 366]);
  });

  it('leaves no instant out and gives none to two years, whatever the clock does at midnight', () => {
    // Beirut puts its clock forward at midnight, on 2026-03-29: the day begins at one o'clock.
    const beirut = new FiscalCalendar('03-29', 'Asia/Beirut');
    expect(beirut.periodOf(2026).from.toISOString()).toBe('2026-03-28T22:00:00.000Z');
    // Havana puts it back at one o'clock, on 2026-11-01: midnight comes twice, and the first one counts.
    const havana = new FiscalCalendar('11-01', 'America/Havana');
    expect(havana.periodOf(2026).from.toISOString()).toBe('2026-11-01T04:00:00.000Z');

    for (const calendar of [beirut, havana]) expect(calendar.periodOf(2025).to).toEqual(calendar.periodOf(2026).from);
  });

  it('knows the year of every instant, up to the last millisecond', () => {
    const calendar = new FiscalCalendar('04-01', 'Asia/Tokyo');
    const { from } = calendar.periodOf(2026);

    expect(calendar.yearOf(from)).toBe(2026);
    expect(calendar.yearOf(new Date(from.getTime() - 1))).toBe(2025);
    expect(new FiscalCalendar('01-01', 'Pacific/Kiritimati').yearOf(new Date('2025-12-31T10:00:00Z'))).toBe(2026);
  });
});
