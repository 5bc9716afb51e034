import type { Announcement, Priority } from './task.js';

/** The pattern under which announcements travel. */
export const TASK_DUE = 'task.due';

/** Tells workers that tasks are due. May lose, repeat or reorder: the row is the truth. */
export abstract class TaskTransport {
  /** Resolves once the broker has taken all of them; rejects with TransportUnavailable within the deadline otherwise. */
  abstract announce(announcements: readonly Announcement[]): Promise<void>;

  /** The most announcements that can be waiting to be delivered, by class; 0 where none is. Rejects with TransportUnavailable. */
  abstract depth(): Promise<Record<Priority, number>>;

  /** Resolves when the transport can carry announcements now; rejects with TransportUnavailable. */
  abstract ping(): Promise<void>;
}
