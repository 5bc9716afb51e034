import { nextState } from './next-state.js';
import type { Schedule, ScheduleState } from './schedule.js';
import { Ticks } from './ticks.js';

/** A tick that is found within this time after it came is only late; one that is found later was missed. */
export const LATE_MS = 60_000;
/** A second has one tick at most. */
const MOST_LATE = LATE_MS / 1000 + 1;

/** What a schedule has to do now. */
export interface Plan {
  /** The ticks to see to, in the order of time. */
  ticks: Date[];
  set: ScheduleState;
}

/**
 * The ticks that have come since the schedule was last seen to, and where it stands afterwards.
 *
 * @param now by the database's clock.
 * @throws BadTicks if this process does not understand the cron expression.
 */
export function planOf(schedule: Schedule & { nextAt: Date }, now: Date): Plan {
  const ticks = Ticks.of(schedule);
  const { nextAt, endsAt, maxMissed } = schedule;
  const until = endsAt && endsAt < now ? endsAt : now;
  const late = new Date(now.getTime() - LATE_MS);
  const most = { none: 0, last: 1, all: maxMissed }[schedule.missed];
  const come = ticks.between(nextAt, until, MOST_LATE + most);
  const missed = come.filter((tick) => tick < late);
  const onTime = come.slice(missed.length);
  return { ticks: [...(most > 0 ? missed.slice(-most) : []), ...onTime], set: nextState(ticks, endsAt, now) };
}
