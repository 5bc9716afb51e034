import { NotNow, PermanentFailure, failPoint, type Lease, type TaskContext } from '@app/tasks';
import type { Archive, ArchivePart } from './archive.js';
import type { ArchiveStorage, RestoreTier } from './archive-storage.js';
import type { ArchiveStore } from './archive-store.js';
import { chunksOf } from './remover.js';
import { sizeOf } from './row-digest.js';
import { storedRows } from './stored-rows.js';
import { ARCHIVE_COLUMNS } from './tables.js';

/** How a restore is asked for. */
export interface RestoreWish {
  /** For so many days the storage keeps a readable copy. */
  days: number;
  tier: RestoreTier;
}

const CHUNK_ROWS = 500;

/** Puts the rows of an archive back. Rows that are there already are left as they are. */
export class Restorer {
  constructor(
    private readonly store: ArchiveStore,
    private readonly storage: ArchiveStorage,
    /** How long to wait before the storage is asked again whether files are awake. */
    private readonly pollMs: number,
  ) {}

  /** @throws NotNow while the storage has not all files ready; the task holds no worker meanwhile. */
  async run(
    archive: Archive,
    wish: RestoreWish,
    lease: Lease,
    context: Pick<TaskContext, 'signal' | 'progress' | 'log'>,
  ): Promise<void> {
    const parts = await this.store.parts(archive.id);
    const waiting = await this.wake(parts, wish, context);
    if (waiting > 0) {
      context.progress(parts.length - waiting, parts.length, 'waiting for the storage to make files ready');
      throw new NotNow(`The storage makes ${waiting} files ready.`, this.pollMs);
    }
    const total = parts.reduce((sum, { rows }) => sum + rows, 0);
    let seen = 0;
    for (const part of parts) {
      if (!part.restored)
        await this.restorePart(archive.id, part, lease, context.signal, (rows) =>
          context.progress(seen + rows, total, `restoring ${part.kind}`),
        );
      seen += part.rows;
    }
  }

  /** Answers how many files are not ready. */
  private async wake(
    parts: readonly ArchivePart[],
    wish: RestoreWish,
    { signal, log }: Pick<TaskContext, 'signal' | 'log'>,
  ): Promise<number> {
    let waiting = 0;
    for (const { object, restored } of parts) {
      if (restored) continue;
      signal.throwIfAborted();
      const state = await this.storage.look(object.key);
      if (!state) throw new PermanentFailure(`${object.key} is not in the storage.`);
      if (state.readiness === 'ready') continue;
      waiting++;
      if (state.readiness === 'waking') continue;
      await this.storage.wake(object.key, wish);
      log(`${object.key}: asked for (${wish.tier}, ${wish.days} days)`);
      failPoint('restore_asked');
    }
    return waiting;
  }

  private async restorePart(
    id: string,
    part: ArchivePart,
    lease: Lease,
    signal: AbortSignal,
    onRows: (rows: number) => void,
  ): Promise<void> {
    let rows = 0;
    for await (const group of storedRows(this.storage, part.object, ARCHIVE_COLUMNS[part.kind], signal)) {
      const named = group.map((cells) => ({ cells, size: sizeOf(cells) }));
      for (const chunk of chunksOf(named, CHUNK_ROWS)) {
        signal.throwIfAborted();
        await this.store.insert(lease, id, part, chunk);
        onRows((rows += chunk.length));
        failPoint('restore_chunk_inserted');
      }
    }
    await this.store.endPart(lease, id, part, 'restored');
  }
}
