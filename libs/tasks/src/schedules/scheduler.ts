import { Logger } from '@nestjs/common';
import { ANNOUNCE_AGAIN_MS, type Announcer } from '../announcer.js';
import { InvalidRequest } from '../errors.js';
import { failPoint } from '../faults/fail-point.js';
import type { HandlerRegistry } from '../registry.js';
import { newTask } from '../submission.js';
import type { NewTask } from '../task.js';
import { UNOBSERVED } from '../task-observer.js';
import { planOf } from './plan.js';
import type { Schedule, Tick } from './schedule.js';
import type { DueSchedule, ScheduleStore } from './schedule-store.js';

/** The longest time between two looks: so late at most is the first tick of a schedule that another process made. */
const LOOK_MS = 1_000;
/** As long as ticks wait for a task to end. */
const LOOK_WAITING_MS = 200;
/** Schedules seen to in one look; when there are more, the next look follows at once. */
const BATCH = 100;
/** Schedules seen to side by side. */
const SIDE_BY_SIDE = 5;
const FORGET_EVERY_MS = 60_000;
const KEEP_FIRES_MS = 7 * 24 * 3_600_000;
const FORGET_BATCH = 500;

/**
 * Makes the tasks of schedules when their ticks come. Every process that runs tasks has one; the store lets only one of them see to
 * a tick. The database's clock decides when a tick has come, and no tick lives in a timer for longer than a second.
 */
export class Scheduler {
  private readonly logger = new Logger(Scheduler.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  private current: Promise<void> = Promise.resolve();
  private healthy = true;
  private forgottenAt = 0;
  private lookedAt = 0;
  /** Schedules that this process cannot see to, and has said so. */
  private readonly left = new Set<string>();

  constructor(
    private readonly store: ScheduleStore,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    private readonly observer = UNOBSERVED,
  ) {}

  /** How long ago a look began, in milliseconds; 0 while it is stopped. */
  get silentMs(): number {
    return this.stopped ? 0 : performance.now() - this.lookedAt;
  }

  start(): void {
    this.stopped = false;
    this.lookedAt = performance.now();
    this.next(0);
  }

  /** Resolves when the look under way is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /** Sees to all ticks that have come. Answers in how many milliseconds to look again. */
  async look(): Promise<number> {
    const startedAt = performance.now();
    const due = await this.store.due(LOOK_MS, BATCH);
    const nextTicks: number[] = [];
    await sideBySide(due, async ({ schedule, now }) => {
      const nextAt = schedule.nextAt > now ? schedule.nextAt : await this.fire({ schedule, now });
      if (nextAt) nextTicks.push(nextAt.getTime() - now.getTime());
    });
    const waiting = await this.store.waiting(BATCH);
    await sideBySide(
      waiting.filter(({ busy }) => !busy),
      ({ schedule }) => this.release(schedule),
    );
    await this.forgetFires();
    if (due.length === BATCH) return 0;
    const passed = performance.now() - startedAt;
    return Math.max(0, Math.min(waiting.length > 0 ? LOOK_WAITING_MS : LOOK_MS, ...nextTicks.map((ms) => ms - passed)));
  }

  /** Answers when the schedule's next tick comes; null if that is not known or never. */
  private async fire({ schedule, now }: DueSchedule): Promise<Date | null> {
    try {
      const { ticks, set } = planOf(schedule, now);
      const made = await this.store.fire(
        {
          scheduleId: schedule.id,
          from: { version: schedule.version, nextAt: schedule.nextAt },
          overlap: schedule.overlap,
          ticks: ticks.map((at): Tick => ({ at, task: this.taskOf(schedule) })),
          set,
        },
        ANNOUNCE_AGAIN_MS,
      );
      if (!made) return null;
      failPoint('after_row_commit');
      for (const task of made) this.made(task);
      return set.nextAt;
    } catch (error) {
      this.leave(schedule, error as Error);
      return null;
    }
  }

  private async release(schedule: Schedule): Promise<void> {
    try {
      const task = this.taskOf(schedule);
      const released = await this.store.release(schedule.id, task, ANNOUNCE_AGAIN_MS);
      if (released && task) this.made(task);
    } catch (error) {
      this.leave(schedule, error as Error);
    }
  }

  private made(task: NewTask): void {
    this.observer.submitted(task.type);
    this.announcer.announce(task);
  }

  /** The task of a tick; null if its type refuses it meanwhile. @throws UnknownType: another build may know it */
  private taskOf(schedule: Schedule): NewTask | null {
    const type = this.registry.get(schedule.task.type ?? 'plain');
    try {
      return newTask({ ...schedule.task, scheduleId: schedule.id }, type);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      const [violation] = error.violations;
      this.logger.error(
        `Schedule ${schedule.id}: the task is refused (${violation?.pointer} ${violation?.detail}); the tick is skipped.`,
      );
      return null;
    }
  }

  /** One schedule in trouble must not hold up the others. */
  private leave({ id }: Schedule, error: Error): void {
    if (!this.left.has(id)) this.logger.error(`Schedule ${id} cannot be seen to here: ${error.message}`);
    this.left.add(id);
  }

  private async forgetFires(): Promise<void> {
    if (performance.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    while ((await this.store.forgetFires(KEEP_FIRES_MS, FORGET_BATCH)) === FORGET_BATCH);
    this.forgottenAt = performance.now();
  }

  private next(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.current = this.round().then((inMs) => this.next(inMs));
    }, ms);
  }

  private async round(): Promise<number> {
    this.lookedAt = performance.now();
    try {
      const inMs = await this.look();
      this.report(null);
      return inMs;
    } catch (error) {
      this.report(error as Error);
      return LOOK_MS;
    }
  }

  private report(error: Error | null): void {
    if (this.healthy === (error === null)) return;
    this.healthy = error === null;
    if (error) this.logger.warn(`Schedules are held up: ${error.message}`);
    else this.logger.log('Schedules are seen to again.');
  }
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += SIDE_BY_SIDE) {
    await Promise.all(items.slice(from, from + SIDE_BY_SIDE).map(work));
  }
}
