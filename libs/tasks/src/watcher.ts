import type { TaskStore } from './task-store.js';

const FIRST_LOOK_MS = 3;
const SLOWER = 1.3;
const LONGEST_LOOK_MS = 500;
const MAX_IDS = 500;

interface Waiter {
  id: string;
  nextLookAt: number;
  intervalMs: number;
  wake: () => void;
}

/**
 * Waits for tasks to finish, whichever process runs them. All waits of this process share their looks at the store, and a wait
 * looks ever less often the longer it lasts.
 */
export class Watcher {
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly store: TaskStore) {}

  /** Resolves when the task is final, after `ms`, or when the signal aborts, whichever is first. */
  async untilFinal(id: string, ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return;
    let deadline: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    await new Promise<void>((wake) => {
      waiter = { id, nextLookAt: performance.now() + FIRST_LOOK_MS, intervalMs: FIRST_LOOK_MS, wake };
      this.waiters.add(waiter);
      deadline = setTimeout(wake, ms);
      signal?.addEventListener('abort', () => wake(), { once: true });
      this.schedule();
    });
    clearTimeout(deadline);
    if (waiter) this.waiters.delete(waiter);
  }

  /** Wakes who waits for this task, because it has ended in this process. */
  tell(id: string): void {
    for (const waiter of this.waiters) if (waiter.id === id) waiter.wake();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.waiters.size === 0 || this.looking) return;
    let next = Infinity;
    for (const { nextLookAt } of this.waiters) next = Math.min(next, nextLookAt);
    this.timer = setTimeout(() => void this.look(), Math.max(0, next - performance.now()));
  }

  private async look(): Promise<void> {
    this.looking = true;
    const now = performance.now();
    const due = [...this.waiters].filter(({ nextLookAt }) => nextLookAt <= now + 1).slice(0, MAX_IDS);
    try {
      const finished = new Set(await this.store.finished(due.map(({ id }) => id)));
      for (const waiter of due) if (finished.has(waiter.id)) waiter.wake();
    } catch {
      // The store is away: keep waiting. The caller reads the task afterwards and reports it then.
    }
    for (const waiter of due) {
      waiter.intervalMs = Math.min(waiter.intervalMs * SLOWER, LONGEST_LOOK_MS);
      waiter.nextLookAt = performance.now() + waiter.intervalMs;
    }
    this.looking = false;
    this.schedule();
  }
}
