import type { CallbackTry } from '@app/tasks';

/** The name under which the secret of callbacks is kept. */
export const CALLBACK_SECRET = 'callback';

/** Select list that gives rows of `callback_tries` the names of {@link CallbackTry}. */
export const TRY_COLUMNS = 'delivery_id AS deliveryId, attempt, at, duration_ms AS durationMs, status, answer, error';

/** A row of `callback_tries`: its instant is a Date from MySQL, milliseconds from SQLite. */
export type TryRow = Omit<CallbackTry, 'at'> & { at: Date | number };

export function toCallbackTry(row: TryRow): CallbackTry {
  return { ...row, at: new Date(row.at) };
}
