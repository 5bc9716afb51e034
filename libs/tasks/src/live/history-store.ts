import type { TaskState } from './history.js';

/** Reads the little of rows that histories are told from. Fails as the TaskStore does. */
export abstract class HistoryStore {
  /** The states of those of the tasks that exist. */
  abstract states(ids: readonly string[]): Promise<TaskState[]>;
}
