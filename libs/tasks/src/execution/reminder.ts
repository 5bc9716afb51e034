import { Logger } from '@nestjs/common';
import type { TaskStore } from '../task-store.js';

/** What waits here for its company is announced again so long after this process was last heard of. */
const REMIND_AFTER_MS = 4_000;
const REMIND_EVERY_MS = 2_000;
/** A last chance that was put off is announced again then. */
const PUT_OFF_MS = 30_000;

/**
 * Notes on the rows of tasks that wait for their company when they are to be announced again. The messages of what waits long are
 * acknowledged: if this process dies, the sweeper must not take long to notice.
 */
export class Reminder {
  private readonly logger = new Logger('Executor');
  private readonly timer: NodeJS.Timeout;

  /** @param waiting the tasks that wait here at the moment. */
  constructor(
    private readonly store: TaskStore,
    waiting: () => readonly string[],
  ) {
    this.timer = setInterval(() => this.announceIn(waiting(), REMIND_AFTER_MS), REMIND_EVERY_MS).unref();
  }

  /** For a task that does not wait any longer, and was not run. */
  putOff(id: string): void {
    this.announceIn([id], PUT_OFF_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private announceIn(ids: readonly string[], ms: number): void {
    if (ids.length === 0) return;
    this.store.markAnnounced(ids, ms).catch((error: Error) => this.logger.warn(`Waiting tasks were not noted: ${error.message}`));
  }
}
