import { Logger } from '@nestjs/common';
import { crash, type TaskIn, type Transition } from './lifecycle.js';
import { PRIORITIES, type Announcement, type Priority, type Task } from './task.js';
import { UNOBSERVED, type TaskObserver } from './task-observer.js';
import type { DueTask, TaskStore } from './task-store.js';
import type { TaskTransport } from './task-transport.js';

export interface SweeperOptions {
  intervalMs: number;
  /** A task of the type whose worker went away this often FAILS. */
  maxCrashes: (type: string) => number;
  /** Nothing that was announced before this process started can still be on its way: it is announced at once. */
  announcedAreLost?: boolean;
  observer?: TaskObserver;
}

const BATCH = 500;
/** Rows announced in one sweep; when there are more, the next sweep follows at once. */
const MAX_PER_SWEEP = 5_000;
const NEXT_AT_ONCE_MS = 50;
/** Tasks of a class that could not be announced are due again then. */
const HELD_UP_MS = 10_000;
/** An announced task that is still PENDING after this time is looked at again. */
const ANNOUNCE_AGAIN_MS = 30_000;
/** In a queue this short, repeating what may wait in it costs less than asking whether it does. */
const SHORT_QUEUE = 200;
/** In a queue this long, whatever is parked is taken to wait in it. */
const LONG_QUEUE = 2_000;
const FORGET_KEYS_EVERY_MS = 60_000;

/**
 * The repairer: finds tasks that are due and held by nobody, and announces them. One mechanism for a lost message, a crash
 * between commit and publish, a deleted queue, a retry, a delay, and a worker that went away.
 *
 * A task that waits in a long queue must not be announced again and again, so it is parked, and the parked ones are counted against the
 * queue's depth: when fewer messages wait than tasks believe to be waiting, messages were lost, and the tasks are announced again.
 */
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  private current: Promise<void> = Promise.resolve();
  private healthy = true;
  /** The classes that could not be announced in the sweep under way, and why. */
  private readonly heldUp = new Map<Priority, Error>();
  private keysForgottenAt = 0;
  private lastSignAt = 0;
  /** Until then, by performance.now(), rows may wait for another announcement that was made before the start. */
  private lostUntil = -Infinity;
  private readonly observer: TaskObserver;

  constructor(
    private readonly store: TaskStore,
    private readonly transport: TaskTransport,
    private readonly options: SweeperOptions,
  ) {
    this.observer = options.observer ?? UNOBSERVED;
  }

  /** How long ago a round began, in milliseconds; 0 while it is stopped. */
  get silentMs(): number {
    return this.stopped ? 0 : performance.now() - this.lastSignAt;
  }

  start(): void {
    this.stopped = false;
    this.lastSignAt = performance.now();
    if (this.options.announcedAreLost) this.lostUntil = performance.now() + ANNOUNCE_AGAIN_MS;
    this.schedule(0);
  }

  /** Resolves when the sweep under way is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /** One round. Answers whether there is more to do at once. */
  async sweep(): Promise<boolean> {
    this.heldUp.clear();
    await this.endExpiredAttempts();
    const depth = await this.transport.depth();
    const dueLeft = await this.announceDue(depth);
    const parkedLeft = await this.announceLost(depth);
    await this.forgetKeys();
    return dueLeft || parkedLeft;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.current = this.round().then((more) => this.schedule(more ? NEXT_AT_ONCE_MS : this.jitteredInterval()));
    }, ms);
  }

  private async round(): Promise<boolean> {
    this.lastSignAt = performance.now();
    try {
      const more = await this.sweep();
      this.report(first(this.heldUp.values()));
      return more;
    } catch (error) {
      this.report(error as Error);
      return false;
    }
  }

  private async endExpiredAttempts(): Promise<void> {
    for (;;) {
      const expired = await this.store.expired(BATCH);
      if (expired.length === 0) return;
      const transitions = expired.map((task) => crash(task as TaskIn<'PROCESSING'>, this.options.maxCrashes(task.type)));
      this.tell(expired, transitions, await this.store.settle(transitions));
      this.logger.warn(
        `${expired.length} ${expired.length === 1 ? 'attempt' : 'attempts'} ended without a word from the worker.`,
      );
      if (expired.length < BATCH) return;
    }
  }

  private tell(expired: readonly Task[], transitions: readonly Transition[], landed: readonly boolean[]): void {
    this.observer.leasesLost(landed.filter(Boolean).length);
    transitions.forEach(({ set, follow }, index) => {
      if (!landed[index]) return;
      if (set.status === 'FAILED') this.observer.finished(expired[index]!.type, 'FAILED');
      for (const { type } of follow ?? []) this.observer.submitted(type);
    });
  }

  /** Announces what came due, and parks what was announced before and waits in a queue that is not short. */
  private async announceDue(depth: Record<Priority, number>): Promise<boolean> {
    const short = new Set(PRIORITIES.filter((priority) => depth[priority] <= SHORT_QUEUE));
    for (let announced = 0; announced < MAX_PER_SWEEP;) {
      // What is announced here is due again after that time, so it does not come up twice.
      const due = await this.store.due(BATCH, Math.max(0, this.lostUntil - performance.now()));
      const [now, waiting] = partition(due, ({ fresh, priority }) => fresh || short.has(priority));
      if (waiting.length > 0) await this.store.park(waiting.map(({ id }) => id));
      await this.announce(now, depth);
      if (due.length < BATCH) return false;
      announced += now.length;
    }
    return true;
  }

  /** Announces parked tasks whose messages cannot be in the queue any more. */
  private async announceLost(depth: Record<Priority, number>): Promise<boolean> {
    let more = false;
    for (const priority of PRIORITIES) {
      const waiting = depth[priority];
      if (waiting > LONG_QUEUE) continue;
      const believed = waiting <= SHORT_QUEUE ? 0 : waiting + SHORT_QUEUE;
      const parked = await this.store.parked(priority, believed + MAX_PER_SWEEP);
      if (parked.length <= believed) continue;
      for (let from = 0; from < parked.length; from += BATCH) await this.announce(parked.slice(from, from + BATCH), depth);
      more ||= parked.length === believed + MAX_PER_SWEEP;
    }
    return more;
  }

  /** Each class by itself: a queue that takes nothing holds up its own tasks only, and they must not stand in the way of the others. */
  private async announce(tasks: readonly (Announcement | DueTask)[], depth: Record<Priority, number>): Promise<void> {
    for (const priority of PRIORITIES) {
      const wanted = tasks.filter((task) => task.priority === priority);
      if (wanted.length === 0) continue;
      const some = wanted.map(({ id }) => ({ id, priority }));
      const announced = await this.tryToAnnounce(priority, some);
      if (announced) {
        depth[priority] += some.length;
        this.observer.announcementsRepeated(wanted.filter((task) => !('fresh' in task && task.fresh)).length);
      }
      await this.store.markAnnounced(
        some.map(({ id }) => id),
        announced ? ANNOUNCE_AGAIN_MS : HELD_UP_MS,
      );
    }
  }

  private async tryToAnnounce(priority: Priority, tasks: readonly Announcement[]): Promise<boolean> {
    if (this.heldUp.has(priority)) return false;
    try {
      await this.transport.announce(tasks);
      return true;
    } catch (error) {
      this.heldUp.set(priority, error as Error);
      return false;
    }
  }

  private async forgetKeys(): Promise<void> {
    if (performance.now() - this.keysForgottenAt < FORGET_KEYS_EVERY_MS) return;
    while ((await this.store.forgetKeys(BATCH)) === BATCH);
    this.keysForgottenAt = performance.now();
  }

  /** Several workers sweep; the jitter keeps them from doing it at the same moment. */
  private jitteredInterval(): number {
    return this.options.intervalMs * (0.8 + Math.random() * 0.2);
  }

  private report(error: Error | null): void {
    if (this.healthy === (error === null)) return;
    this.healthy = error === null;
    if (error) this.logger.warn(`Sweeping is held up: ${error.message}`);
    else this.logger.log('Sweeping works again.');
  }
}

function first<T>(items: Iterable<T>): T | null {
  for (const item of items) return item;
  return null;
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}
