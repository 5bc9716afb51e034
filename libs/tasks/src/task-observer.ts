import type { FinalStatus } from './task.js';

/** What became of one try of a callback: taken by the receiver, failed with another try to come, or given up. */
export type CallbackOutcome = 'delivered' | 'failed' | 'given_up';

/**
 * Hears what the domain does, to count and to time it. Methods are called once for each task, so they must return at once, and never throw.
 */
export abstract class TaskObserver {
  /** The row of a task of this type is committed. */
  abstract submitted(type: string): void;

  /** A handler begins, so long after its task was due. */
  abstract started(type: string, waitedMs: number): void;

  /** A handler has ended, well or not. */
  abstract ran(type: string, ms: number): void;

  /** A task has reached its final status. */
  abstract finished(type: string, status: FinalStatus): void;

  /** The leases of so many attempts ran out. */
  abstract leasesLost(count: number): void;

  /** So many announcements found their task taken or ended, or outcomes came from attempts that did not own their task any more. */
  abstract duplicatesFenced(count: number): void;

  /** So many tasks were announced that had been announced before. */
  abstract announcementsRepeated(count: number): void;

  abstract callbackTried(outcome: CallbackOutcome): void;
}

const nothing = () => {};

/** For whom nobody gave an observer. */
export const UNOBSERVED: TaskObserver = {
  submitted: nothing,
  started: nothing,
  ran: nothing,
  finished: nothing,
  leasesLost: nothing,
  duplicatesFenced: nothing,
  announcementsRepeated: nothing,
  callbackTried: nothing,
};
