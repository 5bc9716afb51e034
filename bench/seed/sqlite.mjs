import Libsql from 'libsql';
import { COLUMNS, rows } from './rows.mjs';

const PER_TRANSACTION = 50_000;

/** Fills the database file of an embedded Taskwell that has been started once and does not run. */
export function seedSqlite(file, count) {
  const db = new Libsql(file);
  db.exec('PRAGMA synchronous = OFF');
  const insert = db.prepare(`INSERT INTO tasks (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
  const insertTag = db.prepare('INSERT INTO task_tags (tag, task_id) VALUES (?, ?)');
  let written = 0;
  for (const { id, tags, values } of rows(count, Date.now())) {
    if (written % PER_TRANSACTION === 0) db.exec('BEGIN');
    insert.run(values);
    for (const tag of tags) insertTag.run([tag, id]);
    if (++written % PER_TRANSACTION === 0 || written === count) db.exec('COMMIT');
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}
