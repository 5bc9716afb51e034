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
import { SqlArchiveStore, requireDone } from '../archive/sql-archive-store.js';
import { archiveDialect } from './archives.js';
import type { SqliteFile } from './sqlite-file.js';

/** Archives in the SQLite file of this process. See {@link ArchiveStore} for what the methods mean. */
export class SqliteArchiveStore extends SqlArchiveStore {
  protected readonly dialect = archiveDialect;

  constructor(private readonly file: SqliteFile) {
    super();
  }

  async begin(lease: Lease, plan: ArchivePlan): Promise<Archive> {
    requireDone(await this.file.call('beginArchive', lease, plan), lease, lease.id);
    return (await this.find(lease.id))!;
  }

  async advance(
    lease: Lease,
    id: string,
    status: ArchiveStatus,
    { manifest }: { manifest?: StoredObject } = {},
  ): Promise<boolean> {
    return requireDone(await this.file.call('advanceArchive', lease, id, status, manifest), lease, id);
  }

  async keepPart(lease: Lease, id: string, part: ArchivePart): Promise<void> {
    requireDone(await this.file.call('keepArchivePart', lease, id, part), lease, id);
  }

  async endPart(lease: Lease, id: string, part: ArchivePart, done: 'removed' | 'restored'): Promise<void> {
    requireDone(await this.file.call('endArchivePart', lease, id, part, done), lease, id);
  }

  async remove(lease: Lease, id: string, part: ArchivePart, keys: readonly RowKey[], keepKeysMs: number): Promise<RemovedRows> {
    return requireDone(await this.file.call('removeArchived', lease, id, part, keys, keepKeysMs), lease, id);
  }

  async insert(lease: Lease, id: string, part: ArchivePart, rows: readonly Pick<ArchiveRow, 'cells'>[]): Promise<number> {
    return requireDone(await this.file.call('insertArchived', lease, id, part, rows), lease, id);
  }

  protected select<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.file.rows<R>(sql, params);
  }
}
