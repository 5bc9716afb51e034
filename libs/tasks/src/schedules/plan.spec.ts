import { describe, expect, it } from '@jest/globals';
import { planOf } from './plan.js';
import { outcomesOf, type Missed, type Schedule, type Tick } from './schedule.js';

const NOW = new Date('2027-03-01T12:00:00.500Z');

/** A schedule of every minute that was last seen to five minutes ago, at 11:55. */
function everyMinute(given: Partial<Schedule> = {}): Schedule & { nextAt: Date } {
  return {
    id: 's',
    title: 'Every minute',
    cron: '* * * * *',
    timeZone: 'UTC',
    task: {},
    request: {},
    overlap: 'skip',
    missed: 'last',
    maxMissed: 100,
    endsAt: null,
    status: 'ACTIVE',
    lastAt: null,
    lastTaskId: null,
    waiting: 0,
    version: 1,
    createdAt: NOW,
    updatedAt: NOW,
    ...given,
    nextAt: given.nextAt ?? new Date('2027-03-01T11:56:00Z'),
  };
}

const times = (ticks: Date[]) => ticks.map((at) => at.toISOString().slice(11, 16));

describe('planOf', () => {
  it('sees to the tick that has come, and says when the next one does', () => {
    const { ticks, set } = planOf(everyMinute({ nextAt: new Date('2027-03-01T12:00:00Z') }), NOW);

    expect(times(ticks)).toEqual(['12:00']);
    expect(set).toEqual({ status: 'ACTIVE', nextAt: new Date('2027-03-01T12:01:00Z') });
  });

  it.each([
    ['none', 100, ['12:00']],
    ['last', 100, ['11:59', '12:00']],
    ['last', 0, ['11:59', '12:00']],
    ['all', 100, ['11:56', '11:57', '11:58', '11:59', '12:00']],
    ['all', 2, ['11:58', '11:59', '12:00']],
    ['all', 0, ['12:00']],
  ])('makes up for missed ticks as the policy says: %s, at most %i', (missed, maxMissed, expected) => {
    expect(times(planOf(everyMinute({ missed: missed as Missed, maxMissed }), NOW).ticks)).toEqual(expected);
  });

  it('takes a tick of less than a minute ago for late, not for missed', () => {
    const plan = planOf(everyMinute({ missed: 'none', cron: '*/20 * * * * *' }), NOW);

    expect(plan.ticks.map((at) => at.toISOString().slice(14, 19))).toEqual(['59:20', '59:40', '00:00']);
  });

  it('bounds what it makes up for after a very long time', () => {
    const plan = planOf(everyMinute({ missed: 'all', cron: '* * * * * *', nextAt: new Date('2020-01-01T00:00:00Z') }), NOW);

    expect(plan.ticks).toHaveLength(100 + 60);
    expect(plan.ticks.at(-1)).toEqual(new Date('2027-03-01T12:00:00Z'));
  });

  it('ends after the last tick that is not after ends_at', () => {
    const { ticks, set } = planOf(everyMinute({ missed: 'all', endsAt: new Date('2027-03-01T11:58:00Z') }), NOW);

    expect(times(ticks)).toEqual(['11:56', '11:57', '11:58']);
    expect(set).toEqual({ status: 'ENDED', nextAt: null });
  });
});

describe('outcomesOf', () => {
  const ticks = [1, 2, 3].map((at): Tick => ({ at: new Date(at), task: {} as Tick['task'] }));

  it.each([
    ['skip', { busy: false, waiting: 0 }, ['fired', 'skipped', 'skipped']],
    ['skip', { busy: true, waiting: 0 }, ['skipped', 'skipped', 'skipped']],
    ['queue', { busy: false, waiting: 0 }, ['fired', 'waiting', 'waiting']],
    ['queue', { busy: true, waiting: 0 }, ['waiting', 'waiting', 'waiting']],
    ['queue', { busy: false, waiting: 1 }, ['waiting', 'waiting', 'waiting']],
    ['queue', { busy: true, waiting: 999 }, ['waiting', 'skipped', 'skipped']],
  ] as const)('by the policy %s and %j', (overlap, now, expected) => {
    expect(outcomesOf(ticks, overlap, now)).toEqual(expected);
  });

  it('skips a tick whose task is refused', () => {
    expect(outcomesOf([{ at: new Date(0), task: null }, ...ticks], 'queue', { busy: false, waiting: 0 })[0]).toBe('skipped');
  });
});
