import type { Changes } from './live/changes.js';
import { Looks } from './live/looks.js';
import { isFinal } from './task.js';
import type { TaskStore } from './task-store.js';

const FIRST_LOOK_MS = 3;
const LONGEST_LOOK_MS = 500;
/** Where changes are heard of, looking only repairs what was not. */
const FIRST_LOOK_WHEN_TOLD_MS = 200;
const LONGEST_LOOK_WHEN_TOLD_MS = 2_000;
/** So long after the listening began, others may not yet know that somebody listens. */
const DEAF_MS = 1_000;

interface Wait {
  readonly id: string;
  wake: () => void;
}

/**
 * Waits for tasks to finish, whichever process runs them. All waits of this process share their looks at the store, a wait
 * looks ever less often the longer it lasts, and hardly at all while this process hears of all changes.
 */
export class Watcher {
  private readonly waits: Looks<Wait>;
  private stopListening?: () => void;

  constructor(
    private readonly store: TaskStore,
    private readonly changes: Changes,
  ) {
    this.waits = new Looks<Wait>((waits) => this.look(waits), {
      firstMs: () => (this.isTold() ? FIRST_LOOK_WHEN_TOLD_MS : FIRST_LOOK_MS),
      longestMs: () => (this.isTold() ? LONGEST_LOOK_WHEN_TOLD_MS : LONGEST_LOOK_MS),
    });
  }

  /** Resolves when the task is final, after `ms`, or when the signal aborts, whichever is first. */
  async untilFinal(id: string, ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return;
    this.stopListening ??= this.changes.listen((changes) => {
      for (const { id, status } of changes) if (status && isFinal(status)) for (const wait of this.waits.of(id)) wait.wake();
    });
    const wait: Wait = { id, wake: () => {} };
    let deadline: NodeJS.Timeout | undefined;
    await new Promise<void>((wake) => {
      wait.wake = wake;
      this.waits.add(wait);
      deadline = setTimeout(wake, ms);
      signal?.addEventListener('abort', () => wake(), { once: true });
      // It may have ended between the caller's look and our listening.
      this.waits.hurry(wait);
    });
    clearTimeout(deadline);
    this.waits.remove(wait);
    if (this.waits.size > 0) return;
    this.stopListening?.();
    this.stopListening = undefined;
  }

  private isTold(): boolean {
    const { heardSince } = this.changes;
    return heardSince !== null && performance.now() - heardSince > DEAF_MS;
  }

  private async look(waits: readonly Wait[]): Promise<void> {
    try {
      const finished = new Set(await this.store.finished(waits.map(({ id }) => id)));
      for (const wait of waits) if (finished.has(wait.id)) wait.wake();
    } catch {
      // The store is away: keep waiting. The caller reads the task afterwards and reports it then.
    }
  }
}
