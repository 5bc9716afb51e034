import { setTimeout as pause } from 'node:timers/promises';
import { failPoint, type Lease, type TaskContext } from '@app/tasks';
import type { Archive, ArchivePart } from './archive.js';
import type { ArchiveStorage } from './archive-storage.js';
import type { ArchiveStore } from './archive-store.js';
import type { RowKey } from './row-digest.js';
import { storedRows } from './stored-rows.js';
import { KEY_COLUMNS, type ArchiveKind } from './tables.js';

/** So much is deleted by one transaction, and so long everybody else has the database for himself after it. */
const CHUNK_ROWS: Record<ArchiveKind, number> = { records: 1_000, tasks: 200, deliveries: 200 };
const CHUNK_BYTES = 4 * 1024 * 1024;
const PAUSE_MS = 10;

/** Deletes the rows that an archive's files hold, as the files that name them say. */
export class Remover {
  constructor(
    private readonly store: ArchiveStore,
    private readonly storage: ArchiveStorage,
    private readonly keepKeysMs: number,
  ) {}

  /** Answers how many rows could not be deleted yet, because others refer to them for a while. */
  async run({ id }: Archive, lease: Lease, { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>): Promise<number> {
    const parts = await this.store.parts(id);
    const total = parts.reduce((sum, { rows }) => sum + rows, 0);
    let seen = 0;
    let held = 0;
    for (const part of parts) {
      if (!part.removed) {
        const heldOfPart = await this.removePart(id, part, lease, signal, (rows) =>
          progress((seen += rows), total, `deleting ${part.kind}`),
        );
        if (heldOfPart === 0) await this.store.endPart(lease, id, part, 'removed');
        // A delivery stays with its task: it is worth coming back for only if the task's turn comes.
        if (part.kind !== 'deliveries') held += heldOfPart;
      } else {
        seen += part.rows;
      }
    }
    return held;
  }

  private async removePart(
    id: string,
    part: ArchivePart,
    lease: Lease,
    signal: AbortSignal,
    onRows: (rows: number) => void,
  ): Promise<number> {
    let held = 0;
    for await (const group of storedRows(this.storage, part.keys, KEY_COLUMNS, signal)) {
      const keys = group.map(([key, digest, size]): RowKey => ({ key: String(key), digest: String(digest), size: Number(size) }));
      for (const chunk of chunksOf(keys, CHUNK_ROWS[part.kind])) {
        signal.throwIfAborted();
        const removed = await this.store.remove(lease, id, part, chunk, this.keepKeysMs);
        held += removed.held;
        onRows(chunk.length);
        failPoint('archive_chunk_deleted');
        if (removed.deleted > 0) await pause(PAUSE_MS);
      }
    }
    return held;
  }
}

export function* chunksOf<Row extends { size: number }>(rows: readonly Row[], most: number): Generator<Row[]> {
  let chunk: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (chunk.length > 0 && (chunk.length === most || bytes + row.size > CHUNK_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(row);
    bytes += row.size;
  }
  if (chunk.length > 0) yield chunk;
}
