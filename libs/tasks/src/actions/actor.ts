import type { Canceller } from '../canceller.js';
import { NotAmongMany, StoreUnavailable, TaskError, TaskNotFound } from '../errors.js';
import type { HandlerRegistry } from '../registry.js';
import { repetition } from '../submission.js';
import type { Submitter } from '../submitter.js';
import type { TaskStore } from '../task-store.js';
import type { ActionStore } from './action-store.js';
import type { ActionError, ActionState } from './bulk-action.js';

/** Tasks of one step. */
const PAGE = 100;
const MOST_ERRORS = 100;
/** Longer than an action can stand still and go on. */
const KEEP_KEYS_MS = 90 * 24 * 3_600_000;

/**
 * Acts on many tasks, a page after the other. The page is kept before it is acted on, and acting on it again changes nothing: a retry is a
 * submission under a key of its own, and a cancelled task stays cancelled. So each task is acted on once, whatever dies in the middle.
 */
export class Actor {
  constructor(
    private readonly actions: ActionStore,
    private readonly store: TaskStore,
    private readonly submitter: Submitter,
    private readonly canceller: Canceller,
    private readonly registry: HandlerRegistry,
  ) {}

  /**
   * Goes on with the action until it is done or the signal aborts.
   *
   * @param onStep told how many tasks have been acted on.
   */
  async run(id: string, signal: AbortSignal, onStep: (acted: number, total: number) => void): Promise<ActionState> {
    for (;;) {
      const state = await this.actions.find(id);
      if (!state) throw new TaskNotFound();
      onStep(state.done + state.failed, state.total);
      if (state.status === 'DONE') return state;
      signal.throwIfAborted();
      await this.actions.advance(state.work.page.length > 0 ? await this.acted(state) : await this.nextPage(state));
    }
  }

  private async nextPage(state: ActionState): Promise<ActionState> {
    const { rest } = state.work;
    const next = { ...state, step: state.step + 1 };
    if (rest === null) return { ...next, status: 'DONE', total: state.done + state.failed };
    if ('ids' in rest) {
      const left = rest.ids.slice(PAGE);
      return { ...next, work: { page: rest.ids.slice(0, PAGE), rest: left.length > 0 ? { ids: left } : null } };
    }
    const { tasks, next: before } = await this.store.list(rest.filter, { size: PAGE, before: rest.before });
    const page = tasks.map(({ id }) => id);
    return { ...next, work: { page, rest: before === null ? null : { filter: rest.filter, before } } };
  }

  private async acted(state: ActionState): Promise<ActionState> {
    const outcomes = await Promise.all(state.work.page.map((taskId) => this.actOn(state, taskId)));
    const errors = outcomes.flatMap((outcome) => outcome ?? []);
    return {
      ...state,
      step: state.step + 1,
      work: { ...state.work, page: [] },
      done: state.done + outcomes.length - errors.length,
      failed: state.failed + errors.length,
      errors: [...state.errors, ...errors].slice(0, MOST_ERRORS),
    };
  }

  private async actOn({ id, action }: ActionState, taskId: string): Promise<ActionError | null> {
    try {
      if (action === 'cancel') await this.canceller.cancel(taskId);
      else await this.retry(id, taskId);
      return null;
    } catch (error) {
      if (error instanceof StoreUnavailable || !(error instanceof TaskError)) throw error;
      return { taskId, code: error.code, message: error.message };
    }
  }

  private async retry(actionId: string, taskId: string): Promise<void> {
    const task = await this.store.find(taskId);
    if (!task) throw new TaskNotFound();
    if (this.registry.get(task.type).administrative) throw new NotAmongMany(task.type);
    await this.submitter.submitOnce([repetition(task)], {
      key: `${actionId}/${taskId}`,
      fingerprint: 'retry',
      answer: (ids) => ({ task_id: ids[0] }),
      keepMs: KEEP_KEYS_MS,
    });
  }
}
