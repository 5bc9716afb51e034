import type { CallbackTry } from '@app/tasks';
import { CALLBACK_SECRET } from '../callback-row.js';
import type { SqliteDatabase } from './sqlite-database.js';

export function addTry(db: SqliteDatabase, now: number, made: Omit<CallbackTry, 'at'>): void {
  db.affect(
    `INSERT INTO callback_tries (delivery_id, attempt, at, duration_ms, status, answer, error)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [made.deliveryId, made.attempt, now - made.durationMs, made.durationMs, made.status, made.answer, made.error],
  );
}

export function keepSecret(db: SqliteDatabase, now: number, fresh: string): string {
  db.affect('INSERT INTO secrets (name, secret, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
    CALLBACK_SECRET,
    fresh,
    now,
  ]);
  return db.rows<{ secret: string }>('SELECT secret FROM secrets WHERE name = ?', [CALLBACK_SECRET])[0]!.secret;
}
