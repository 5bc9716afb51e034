import { Cron } from 'croner';

/** The next ticks of a cron expression, or why there are none. */
export function nextTicks(cron: string, timeZone: string, count: number): { at: string[] } | { mistake: string } {
  try {
    const at = new Cron(cron, { timezone: timeZone, paused: true }).nextRuns(count);
    return { at: at.map((date) => date.toISOString()) };
  } catch {
    return { mistake: 'is no cron expression, or no such time zone' };
  }
}
