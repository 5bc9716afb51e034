import type { LifeSigns } from '@app/runtime';
import type { Scheduler, Sweeper } from '@app/tasks';
import type { TaskServer } from '@app/transport';

/** Receiving is looked after every 3 s, with 5 s at most for each answer of the broker. */
const RECEIVING_MS = 12_000;
/** One round of a sweep may be thousands of rows, in units of work that each have their deadline. */
const ROUND_MS = 180_000;

/** What a process that runs tasks must not stop to do. */
export function watchWork(signs: LifeSigns, parts: { server: TaskServer; sweeper: Sweeper; scheduler: Scheduler }): void {
  signs.watch('Receiving announcements', RECEIVING_MS, () => parts.server.silentMs);
  signs.watch('The sweeper', ROUND_MS, () => parts.sweeper.silentMs);
  signs.watch('The scheduler', ROUND_MS, () => parts.scheduler.silentMs);
}
