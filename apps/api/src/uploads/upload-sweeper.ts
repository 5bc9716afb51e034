import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RecordStore } from '@app/records';
import { FileStorage } from '@app/tasks';
import { batchOfKey, tagOf } from './batch-id.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An upload whose tasks were not committed by then is refused. */
export const LONGEST_UPLOAD_MS = 12 * HOUR_MS;
/** By then, whatever belongs to an upload is claimed by a task, or never will be, also by clocks that differ. */
const LEFT_BEHIND_MS = 2 * LONGEST_UPLOAD_MS;
/** By then, a commit whose answer was lost has happened, or never will. */
const DOUBT_MS = MINUTE_MS;

/**
 * Forgets what uploads have left behind: files whose tasks turn out not to be committed, and whatever a process that died was writing. Any
 * number of processes may do it side by side: what one removes is gone for the others, and nothing that is young is touched.
 */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UploadSweeper.name);
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private sweptAt = -Infinity;
  /** Uploads of this process of which nobody knows whether their tasks are committed. */
  private readonly doubts = new Map<string, { keys: readonly string[]; since: number }>();

  constructor(
    @Inject(FileStorage) private readonly storage: FileStorage,
    @Inject(RecordStore) private readonly records: RecordStore,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The database did not say whether it has committed the tasks of a batch: its files stay until it is known. */
  doubt(batchId: string, keys: readonly string[]): void {
    this.doubts.set(batchId, { keys, since: performance.now() });
  }

  /** Removes the files of batches that were in doubt for so long, and are not there. */
  async settleDoubts(ageMs = DOUBT_MS): Promise<void> {
    for (const [batchId, { keys, since }] of this.doubts) {
      if (performance.now() - since < ageMs) continue;
      if (!(await this.isClaimed(batchId))) for (const key of keys) await this.storage.remove(key);
      this.doubts.delete(batchId);
    }
  }

  /** Removes what processes have left behind that died. Answers how much it was. */
  async sweep(): Promise<number> {
    const before = new Date(Date.now() - LEFT_BEHIND_MS);
    let removed = await this.storage.removeUnfinished(before);
    const claimed = new Map<string, boolean>();
    for await (const { key, changedAt } of this.storage.list('uploads')) {
      if (this.stopped) break;
      const batchId = batchOfKey(key);
      if (changedAt >= before || !batchId) continue;
      if (!claimed.has(batchId)) claimed.set(batchId, await this.isClaimed(batchId));
      if (claimed.get(batchId)) continue;
      await this.storage.remove(key);
      removed++;
    }
    return removed;
  }

  private async isClaimed(batchId: string): Promise<boolean> {
    return (await this.records.batch(tagOf(batchId))).length > 0;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.round().then(() => this.schedule(MINUTE_MS)), ms).unref();
  }

  private async round(): Promise<void> {
    try {
      await this.settleDoubts();
      if (performance.now() - this.sweptAt < HOUR_MS) return;
      const removed = await this.sweep();
      this.sweptAt = performance.now();
      if (removed > 0) this.logger.log(`Removed ${removed} files that uploads had left behind.`);
    } catch (error) {
      this.logger.warn(`What uploads have left behind stays for now: ${(error as Error).message}`);
    }
  }
}
