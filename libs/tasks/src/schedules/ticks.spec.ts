import { describe, expect, it } from '@jest/globals';
import { BadTicks, Ticks } from './ticks.js';

/** The ticks of a stretch of time, found one after the other, as they come up. */
function ticksFrom(cron: string, timeZone: string, from: string, count: number): string[] {
  const ticks = Ticks.of({ cron, timeZone });
  const found: string[] = [];
  for (let at = new Date(from); found.length < count;) {
    at = ticks.after(at)!;
    found.push(at.toISOString().slice(0, 16) + 'Z');
  }
  return found;
}

describe('Ticks', () => {
  it.each([
    [
      'a time of day that does not exist comes right after the gap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    ['the same in New York', '30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z']],
    [
      'and where the gap is half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
    ],
    ['also at midnight', '0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
    [
      'a time of day that comes twice counts once, the first time',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    ['the same in New York', '30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    [
      'and where half an hour comes twice',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T00:00Z',
      ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
    ],
    [
      'an interval leaves the gap out',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:10Z',
      ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
    ],
    [
      'a list of times leaves out what is in the gap',
      '30 1,2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T00:30Z', '2026-03-29T23:30Z', '2026-03-30T00:30Z'],
    ],
    [
      'an interval goes on through the hour that comes twice',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30Z',
      ['2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z'],
    ],
    [
      'and through half an hour that comes twice',
      '*/15 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T14:20Z',
      ['2026-04-04T14:30Z', '2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-05T14:30Z'],
    ],
    ['the last day of the month', '0 12 L * *', 'UTC', '2028-01-31T12:00Z', ['2028-02-29T12:00Z', '2028-03-31T12:00Z']],
  ])('%s', (_what, cron, timeZone, from, expected) => {
    expect(ticksFrom(cron, timeZone, from, expected.length)).toEqual(expected);
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Sao_Paulo', 'Pacific/Apia'])(
    'are the same whichever way they are looked for in %s',
    (timeZone) => {
      for (const cron of ['30 2 * * *', '*/20 * * * *', '15,45 1-2 * * *', '0 0 * * *', '*/7 */3 * * *', '0 30 1 * * SUN#L']) {
        for (const [from, until] of [
          ['2026-03-07T12:00Z', '2026-03-08T12:00Z'],
          ['2026-03-28T12:00Z', '2026-03-29T12:00Z'],
          ['2026-04-04T06:00Z', '2026-04-05T06:00Z'],
          ['2026-04-23T12:00Z', '2026-04-24T06:00Z'],
          ['2026-10-03T06:00Z', '2026-10-04T06:00Z'],
          ['2026-10-24T12:00Z', '2026-10-25T12:00Z'],
          ['2026-10-31T12:00Z', '2026-11-01T12:00Z'],
          ['2018-11-03T12:00Z', '2018-11-04T12:00Z'],
          ['2011-12-29T00:00Z', '2012-01-01T00:00Z'],
        ]) {
          const ticks = Ticks.of({ cron, timeZone });
          const forwards: Date[] = [];
          for (let at = new Date(Date.parse(from!) - 1); (at = ticks.after(at)!) <= new Date(until!);) forwards.push(at);

          expect(ticks.between(new Date(from!), new Date(until!), forwards.length + 5)).toEqual(forwards);
        }
      }
    },
  );

  it('finds the latest ones of a long time', () => {
    const ticks = Ticks.of({ cron: '* * * * * *', timeZone: 'Europe/Berlin' });
    const found = ticks.between(new Date('2020-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z'), 3);

    expect(found.map((at) => at.toISOString().slice(0, 19))).toEqual([
      '2025-12-31T23:59:58',
      '2025-12-31T23:59:59',
      '2026-01-01T00:00:00',
    ]);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * * *',
    '61 * * * *',
    '@reboot',
    '2027-01-01T00:00:00',
    'often',
    '*/0 * * * *',
    '* * * * *\n*',
    '* * * * ☃',
  ])('refuse the expression %j', (cron) => {
    expect(() => Ticks.of({ cron, timeZone: 'UTC' })).toThrow(BadTicks);
    expect(() => Ticks.of({ cron, timeZone: 'UTC' })).toThrow(expect.objectContaining({ about: 'cron' }));
  });

  it.each(['', 'Mars/Phobos', '+01:00', 'Europe/Berlin\n', 'x'.repeat(65)])('refuse the time zone %j', (timeZone) => {
    expect(() => Ticks.of({ cron: '@daily', timeZone })).toThrow(expect.objectContaining({ about: 'timeZone' }));
  });

  it('may never come', () => {
    expect(Ticks.of({ cron: '0 0 31 2 *', timeZone: 'UTC' }).after(new Date())).toBeNull();
  });
});
