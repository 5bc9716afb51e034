import { Logger } from '@nestjs/common';
import { Batcher } from './batcher.js';
import { StoreUnavailable } from './errors.js';
import { Notes, type Said } from './notes.js';
import type { Lease } from './task.js';
import type { Report, TaskStore } from './task-store.js';

/** How often what running attempts say is written. */
const WRITE_EVERY_MS = 1_000;
const MAX_BATCH = 200;
/** Well below MySQL's smallest default `max_allowed_packet`. */
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Writes what the running attempts of this process say about themselves, all of them together and at most once a second. It never
 * delays or fails the work: what cannot be written waits in bounded memory, and is dropped when the attempt ends.
 */
export class Reporter {
  private readonly logger = new Logger(Reporter.name);
  private readonly unsaved = new Set<Notes>();
  private readonly budget = { characters: 0 };
  private readonly writes: Batcher<Said, void>;
  private timer: NodeJS.Timeout | undefined;

  constructor(store: TaskStore) {
    this.writes = new Batcher<Said, void>(
      async (said) => {
        await store.report(said.map(reportOf));
        return [];
      },
      {
        maxItems: MAX_BATCH,
        maxWeight: MAX_BATCH_BYTES,
        weigh: ({ lines }) => lines.reduce((sum, { message }) => sum + message.length * 3 + 100, 500),
        hopeless: (error) => error instanceof StoreUnavailable,
      },
    );
  }

  /** Where one attempt notes what it has to say. */
  notesOf(lease: Lease): Notes {
    return new Notes(lease, this.budget, (notes) => {
      this.unsaved.add(notes);
      this.timer ??= setTimeout(() => this.tick(), WRITE_EVERY_MS).unref();
    });
  }

  /** Ends the notes of an attempt and writes what they still hold, if that can be done; never rejects. */
  async lastWords(notes: Notes): Promise<void> {
    notes.end();
    if (this.unsaved.delete(notes)) await this.write(notes).catch(() => {});
    notes.drop();
  }

  /** Ends the notes of an attempt that nobody may write about any more. */
  forget(notes: Notes): void {
    notes.end();
    this.unsaved.delete(notes);
    notes.drop();
  }

  private tick(): void {
    this.timer = undefined;
    const all = [...this.unsaved];
    this.unsaved.clear();
    for (const notes of all) {
      this.write(notes).catch((error: Error) => {
        if (!(error instanceof StoreUnavailable)) this.logger.warn(`Words of an attempt are lost: ${error.message}`);
      });
    }
  }

  private async write(notes: Notes): Promise<void> {
    const said = notes.take();
    try {
      await this.writes.add(said);
    } catch (error) {
      if (error instanceof StoreUnavailable) notes.putBack(said);
      throw error;
    }
  }
}

/** Times become durations: only the database's clock counts. */
function reportOf({ lease, progress, lines }: Said): Report {
  const now = performance.now();
  return {
    lease,
    progress: progress && JSON.stringify(progress),
    lines: lines.map(({ saidAt, ...line }) => ({ ...line, agoMs: Math.max(0, Math.round(now - saidAt)) })),
  };
}
