import type { ScheduleState } from './schedule.js';
import type { Ticks } from './ticks.js';

/** Where a schedule that runs stands: it has a next tick after `now`, or it has ended. */
export function nextState(ticks: Ticks, endsAt: Date | null, now: Date): ScheduleState {
  const nextAt = ticks.after(now);
  return nextAt && (!endsAt || nextAt <= endsAt) ? { status: 'ACTIVE', nextAt } : { status: 'ENDED', nextAt: null };
}
