import type { ArchivePart, ArchivePlan, ArchiveRow, ArchiveStatus, RemovedRows, RowKey, StoredObject } from '@app/archive';
import type { Lease } from '@app/tasks';
import { removeRows } from '../archive/removal.js';
import { insertRows } from '../archive/restoration.js';
import type { ArchiveDialect } from '../archive/sql-archive-store.js';
import { marks } from '../shared/sql.js';
import { affect, type Work } from '../shared/work.js';
import { advanceArchive, beginArchive, endPart, keepPart, leased, type Done } from '../archive/writes.js';
import { runWork } from './run-work.js';
import type { SqliteDatabase } from './sqlite-database.js';

export const archiveDialect: ArchiveDialect = {
  now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
  forUpdate: '',
  byPrimary: '',
  window: 5_000,
  instant: (ms) => ms,
  // One text, whatever the number of values: every text is kept prepared.
  isIn: (column, values) => ({ sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(values)] }),
  *insertMissing(table, columns, values) {
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks(columns)}) ON CONFLICT DO NOTHING`;
    let inserted = 0;
    for (const row of values) inserted += yield* affect(sql, row);
    return inserted;
  },
  concat: (...parts) => `(${parts.join(' || ')})`,
  later: (instant, ms) => `${instant} + ${ms}`,
};

/** What an archive writes, each as a whole or not at all. */
export const ARCHIVE_WRITES = {
  beginArchive: (db: SqliteDatabase, _now: number, lease: Lease, plan: ArchivePlan): Done<null> =>
    held(db, lease, beginArchive(archiveDialect, lease, plan)),

  advanceArchive: (
    db: SqliteDatabase,
    _now: number,
    lease: Lease,
    id: string,
    status: ArchiveStatus,
    manifest?: StoredObject,
  ): Done<boolean> => held(db, lease, advanceArchive(archiveDialect, lease, id, status, manifest)),

  keepArchivePart: (db: SqliteDatabase, _now: number, lease: Lease, id: string, part: ArchivePart): Done<null> =>
    held(db, lease, keepPart(archiveDialect, id, part)),

  endArchivePart: (
    db: SqliteDatabase,
    _now: number,
    lease: Lease,
    id: string,
    part: ArchivePart,
    done: 'removed' | 'restored',
  ): Done<null> => held(db, lease, endPart(archiveDialect, id, part, done)),

  removeArchived: (
    db: SqliteDatabase,
    _now: number,
    lease: Lease,
    id: string,
    part: ArchivePart,
    keys: readonly RowKey[],
    keepKeysMs: number,
  ): Done<RemovedRows> => held(db, lease, removeRows(archiveDialect, id, part, keys, keepKeysMs)),

  insertArchived: (
    db: SqliteDatabase,
    _now: number,
    lease: Lease,
    id: string,
    part: ArchivePart,
    rows: readonly Pick<ArchiveRow, 'cells'>[],
  ): Done<number> => held(db, lease, insertRows(archiveDialect, id, part, rows)),
};

function held<T>(db: SqliteDatabase, lease: Lease, work: Work<Done<T>>): Done<T> {
  return runWork(db, leased(archiveDialect, lease, work));
}
