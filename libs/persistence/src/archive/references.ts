import { CALLBACK_TYPE } from '@app/tasks';

/** What MySQL and SQLite say differently about references. */
export interface ReferenceDialect {
  readonly concat: (...parts: string[]) => string;
  readonly now: string;
  /** An instant some milliseconds after another one. */
  readonly later: (instant: string, ms: string) => string;
}

/** A key is written within the transaction that writes its tasks, by the same clock. */
const SAME_TIME_MS = 5_000;

/** A task that keeps files, which are not archived, and the latest task of a schedule stay. */
export const KEPT_FOR_GOOD = `(EXISTS (SELECT 1 FROM task_files WHERE task_files.task_id = tasks.id)
  OR EXISTS (SELECT 1 FROM schedules WHERE schedules.last_task_id = tasks.id))`;

/**
 * A task stays while its callback is being delivered, and while an idempotency key is remembered that answers with its id. Deliveries have
 * ids of the same time as the task's, and a key runs out a set time after its tasks were made: nobody has to look through all of them.
 */
export function heldFor(dialect: ReferenceDialect, keepKeysMs: number): string {
  const { concat, later, now } = dialect;
  const made = 'SUBSTR(tasks.id, 1, 13)';
  const runsOut = (ms: number) => later('tasks.created_at', String(keepKeysMs + ms));
  return `((tasks.callback_url IS NOT NULL AND EXISTS (SELECT 1 FROM tasks AS d
      WHERE d.id >= ${concat(made, "'-7'")} AND d.id < ${concat(made, "'-8'")} AND d.type = '${CALLBACK_TYPE}'
        AND d.status IN ('PENDING', 'PROCESSING') AND d.payload LIKE ${concat("'%\"'", 'tasks.id', "'\"%'")}))
    OR EXISTS (SELECT 1 FROM idempotency_keys WHERE expires_at > ${now}
      AND expires_at BETWEEN ${runsOut(-SAME_TIME_MS)} AND ${runsOut(SAME_TIME_MS)}
      AND answer LIKE ${concat("'%'", 'tasks.id', "'%'")}))`;
}
