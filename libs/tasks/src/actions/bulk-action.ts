import type { TaskFilter } from '../task-store.js';
import { FINAL_STATUSES, type TaskStatus } from '../task.js';

/** The type of the tasks that act on many tasks. Its id is the action's. */
export const ACTION_TYPE = 'taskwell.act';

export const BULK_ACTIONS = ['retry', 'cancel'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** What is left to do of an action. */
export interface ActionWork {
  /** The tasks that are being acted on: fixed before it is begun, so that it can be begun again. */
  page: string[];
  /** What comes after the page: the next of these tasks, or those that match a filter and are older than `before`; null at the end. */
  rest: { ids: string[] } | { filter: TaskFilter; before: string } | null;
}

/** Why a task was not acted on. */
export interface ActionError {
  taskId: string;
  code: string;
  message: string;
}

/** An action on many tasks, under way or done. */
export interface ActionState {
  id: string;
  action: BulkAction;
  status: 'RUNNING' | 'DONE';
  /** Grows with every step: who acts on the state of another step changes nothing. */
  step: number;
  work: ActionWork;
  /** How many tasks matched when it was asked for. */
  total: number;
  done: number;
  failed: number;
  errors: ActionError[];
}

/** The statuses in which a task can be acted on. */
export function actsOn(action: BulkAction): readonly TaskStatus[] {
  return action === 'retry' ? FINAL_STATUSES : ['PENDING', 'PROCESSING'];
}

/** The filter, without the tasks that the action is not for. */
export function narrowed(action: BulkAction, filter: TaskFilter): TaskFilter {
  return { ...filter, statuses: actsOn(action).filter((status) => filter.statuses?.includes(status) ?? true) };
}
