import { CallbackStore, type CallbackTry } from '@app/tasks';
import { TRY_COLUMNS, toCallbackTry, type TryRow } from '../callback-row.js';
import type { SqliteFile } from './sqlite-file.js';

/** Tries and the secret in the SQLite file. See {@link CallbackStore} for what the methods mean. */
export class SqliteCallbackStore extends CallbackStore {
  constructor(private readonly file: SqliteFile) {
    super();
  }

  addTry(made: Omit<CallbackTry, 'at'>): Promise<void> {
    return this.file.call('addTry', made);
  }

  async tries(deliveryIds: readonly string[]): Promise<CallbackTry[]> {
    const rows = await this.file.rows<TryRow>(
      `SELECT ${TRY_COLUMNS} FROM callback_tries WHERE delivery_id IN (SELECT value FROM json_each(?)) ORDER BY at, attempt`,
      [JSON.stringify(deliveryIds)],
    );
    return rows.map(toCallbackTry);
  }

  secret(fresh: string): Promise<string> {
    return this.file.call('keepSecret', fresh);
  }
}
