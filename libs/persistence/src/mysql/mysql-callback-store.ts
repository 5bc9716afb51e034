import { CallbackStore, type CallbackTry } from '@app/tasks';
import { CALLBACK_SECRET, TRY_COLUMNS, toCallbackTry, type TryRow } from '../callback-row.js';
import type { MysqlDatabase } from './mysql-database.js';
import { marks } from './statements.js';

/** Tries and the secret in MySQL or MariaDB, shared by any number of processes. See {@link CallbackStore} for what the methods mean. */
export class MysqlCallbackStore extends CallbackStore {
  constructor(private readonly db: MysqlDatabase) {
    super();
  }

  async addTry({ deliveryId, attempt, durationMs, status, answer, error }: Omit<CallbackTry, 'at'>): Promise<void> {
    await this.db.affect(
      `INSERT INTO callback_tries (delivery_id, attempt, at, duration_ms, status, answer, error)
       VALUES (?, ?, UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE attempt = attempt`,
      [deliveryId, attempt, durationMs * 1000, durationMs, status, answer, error],
    );
  }

  async tries(deliveryIds: readonly string[]): Promise<CallbackTry[]> {
    if (deliveryIds.length === 0) return [];
    const rows = await this.db.rows<TryRow>(
      `SELECT ${TRY_COLUMNS} FROM callback_tries WHERE delivery_id IN (${marks(deliveryIds)}) ORDER BY at, attempt`,
      deliveryIds,
    );
    return rows.map(toCallbackTry);
  }

  async secret(fresh: string): Promise<string> {
    return this.db.unit(async (statements) => {
      await statements.affect(
        `INSERT INTO secrets (name, secret, created_at) VALUES (?, ?, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE name = name`,
        [CALLBACK_SECRET, fresh],
      );
      const [row] = await statements.rows<{ secret: string }>('SELECT secret FROM secrets WHERE name = ?', [CALLBACK_SECRET]);
      return row!.secret;
    });
  }
}
