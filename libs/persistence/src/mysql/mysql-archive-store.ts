import type {
  Archive,
  ArchivePart,
  ArchivePlan,
  ArchiveRow,
  ArchiveStatus,
  RemovedRows,
  RowKey,
  StoredObject,
} from '@app/archive';
import type { Lease } from '@app/tasks';
import { removeRows } from '../archive/removal.js';
import { insertRows } from '../archive/restoration.js';
import { SqlArchiveStore, requireDone, type ArchiveDialect } from '../archive/sql-archive-store.js';
import { marks } from '../shared/sql.js';
import { affect, type Work } from '../shared/work.js';
import { advanceArchive, beginArchive, endPart, keepPart, leased, type Done } from '../archive/writes.js';
import type { MysqlDatabase } from './mysql-database.js';
import { runWork } from './run-work.js';

const dialect: ArchiveDialect = {
  now: 'UTC_TIMESTAMP(3)',
  forUpdate: 'FOR UPDATE',
  byPrimary: 'FORCE INDEX (PRIMARY)',
  window: 20_000,
  instant: (ms) => new Date(ms),
  isIn: (column, values) => ({ sql: `${column} IN (${marks(values)})`, params: [...values] }),
  *insertMissing(table, columns, values) {
    return yield* affect(
      `INSERT IGNORE INTO ${table} (${columns.join(', ')}) VALUES ${marks(values, `(${marks(columns)})`)}`,
      values.flat(),
    );
  },
  concat: (...parts) => `CONCAT(${parts.join(', ')})`,
  later: (instant, ms) => `${instant} + INTERVAL ${ms} * 1000 MICROSECOND`,
};

/** Archives in MySQL or MariaDB. See {@link ArchiveStore} for what the methods mean. */
export class MysqlArchiveStore extends SqlArchiveStore {
  protected readonly dialect = dialect;

  constructor(private readonly db: MysqlDatabase) {
    super();
  }

  async begin(lease: Lease, plan: ArchivePlan): Promise<Archive> {
    await this.work(lease, lease.id, () => beginArchive(dialect, lease, plan));
    return (await this.find(lease.id))!;
  }

  advance(lease: Lease, id: string, status: ArchiveStatus, { manifest }: { manifest?: StoredObject } = {}): Promise<boolean> {
    return this.work(lease, id, () => advanceArchive(dialect, lease, id, status, manifest));
  }

  async keepPart(lease: Lease, id: string, part: ArchivePart): Promise<void> {
    await this.work(lease, id, () => keepPart(dialect, id, part));
  }

  async endPart(lease: Lease, id: string, part: ArchivePart, done: 'removed' | 'restored'): Promise<void> {
    await this.work(lease, id, () => endPart(dialect, id, part, done));
  }

  remove(lease: Lease, id: string, part: ArchivePart, keys: readonly RowKey[], keepKeysMs: number): Promise<RemovedRows> {
    return this.work(lease, id, () => removeRows(dialect, id, part, keys, keepKeysMs));
  }

  insert(lease: Lease, id: string, part: ArchivePart, rows: readonly Pick<ArchiveRow, 'cells'>[]): Promise<number> {
    return this.work(lease, id, () => insertRows(dialect, id, part, rows));
  }

  protected select<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.db.rows<R>(sql, params);
  }

  private async work<T>(lease: Lease, id: string, work: () => Work<Done<T>>): Promise<T> {
    const outcome = await this.db.transaction((statements) => runWork(statements, leased(dialect, lease, work())));
    return requireDone(outcome, lease, id);
  }
}
