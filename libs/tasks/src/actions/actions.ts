import type { Submitter } from '../submitter.js';
import { internalTask } from '../internal-task.js';
import { newTaskId } from '../task-id.js';
import type { NewTask } from '../task.js';
import type { TaskFilter, TaskStore } from '../task-store.js';
import type { ActionStore } from './action-store.js';
import { ACTION_TYPE, narrowed, type BulkAction } from './bulk-action.js';

/** Which tasks to act on: these, or all that match. */
export type Selection = { ids: readonly string[] } | { filter: TaskFilter };

/** How many tasks match; `exact` is false if they were not counted to the end. */
export interface Count {
  count: number;
  exact: boolean;
}

const PAGE = 200;
/** Whoever asks waits for the count. */
const MOST_COUNTING_MS = 1_500;

/** Takes actions on many tasks in; a task of an internal type carries them out. */
export class Actions {
  constructor(
    private readonly store: TaskStore,
    private readonly actions: ActionStore,
    private readonly submitter: Submitter,
  ) {}

  /** How many tasks the action would be about now. */
  async count(action: BulkAction, selection: Selection): Promise<Count> {
    if ('ids' in selection) return { count: selection.ids.length, exact: true };
    const filter = narrowed(action, selection.filter);
    const until = performance.now() + MOST_COUNTING_MS;
    let count = 0;
    for (let before: string | undefined; performance.now() < until;) {
      const { tasks, next } = await this.store.list(filter, { size: PAGE, before });
      count += tasks.length;
      if (next === null) return { count, exact: true };
      before = next;
    }
    return { count, exact: false };
  }

  /** Begins to act on the tasks that match, and were submitted before; answers the action's id once it is kept. */
  async begin(action: BulkAction, selection: Selection, total: number): Promise<string> {
    const id = newTaskId();
    const rest = 'ids' in selection ? { ids: [...selection.ids] } : { filter: narrowed(action, selection.filter), before: id };
    await this.actions.begin(id, action, { page: [], rest }, total);
    await this.submitter.insert([taskOf(id, action)]);
    return id;
  }
}

function taskOf(id: string, action: BulkAction): NewTask {
  const title = action === 'retry' ? 'Retry many tasks' : 'Cancel many tasks';
  return internalTask({ id, type: ACTION_TYPE, title, payload: null });
}
