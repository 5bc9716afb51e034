import type { ActionState, ActionWork, BulkAction } from './bulk-action.js';

/** Keeps actions on many tasks. Fails as the TaskStore does. */
export abstract class ActionStore {
  abstract begin(id: string, action: BulkAction, work: ActionWork, total: number): Promise<void>;

  abstract find(id: string): Promise<ActionState | null>;

  /** Writes the next state; false, and nothing changes, if the action is not at the step before it. */
  abstract advance(next: ActionState): Promise<boolean>;
}
