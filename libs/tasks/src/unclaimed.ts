import { Logger } from '@nestjs/common';
import type { Announcer } from './announcer.js';
import { StoreUnavailable } from './errors.js';
import { putOff, type TaskIn } from './lifecycle.js';
import type { Pauses } from './queues/pauses.js';
import type { HandlerRegistry } from './registry.js';
import type { Task } from './task.js';
import { UNOBSERVED } from './task-observer.js';
import type { TaskStore } from './task-store.js';

/** A task of an unknown type is announced again after the first of these, then after twice as long each time, up to the second. */
const FIRST_PUT_OFF_MS = 2_000;
const LONGEST_PUT_OFF_MS = 60_000;
/** A task whose row was locked, or whose queue is not paused any more, is announced again then. */
const LOCKED_AGAIN_MS = 3_000;

/**
 * Looks after announced tasks that this process could not claim although they are due: their announcement is used up, so they need
 * another one soon. While a fleet is being replaced, another worker may know a type that this one does not.
 */
export class Unclaimed {
  private readonly logger = new Logger(Unclaimed.name);
  private readonly unknown = new Set<string>();

  constructor(
    private readonly store: TaskStore,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    private readonly observer = UNOBSERVED,
    private readonly pauses?: Pauses,
  ) {}

  /** Never rejects: what this misses, the sweeper finds. */
  async lookAfter(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    try {
      const tasks = await this.store.unclaimed(ids);
      this.observer.duplicatesFenced(ids.length - tasks.length);
      const foreign = tasks.filter(({ type }) => !this.registry.has(type));
      const known = tasks.filter(({ type }) => this.registry.has(type));
      const paused = known.filter(({ type }) => this.pauses?.has(type));
      const held = paused.length > 0 && (await this.pauses!.hold(paused.map(({ id }) => id)));
      for (const task of known) if (!held || !paused.includes(task)) this.announcer.announceIn(task, LOCKED_AGAIN_MS);
      if (foreign.length > 0) await this.store.settle(foreign.map((task) => putOff(task as TaskIn<'PENDING'>, putOffMs(task))));
      for (const { type } of foreign) this.report(type);
    } catch (error) {
      if (!(error instanceof StoreUnavailable))
        this.logger.warn(`Unclaimed tasks were not looked after: ${(error as Error).message}`);
    }
  }

  /** Says so once per type. */
  private report(type: string): void {
    if (this.unknown.has(type)) return;
    this.unknown.add(type);
    this.logger.warn(`There are tasks of the type "${type}", which this worker does not know. They are left to other workers.`);
  }
}

/** Twice the last time, which stands in the row. */
function putOffMs({ runAt, updatedAt }: Task): number {
  return Math.min(Math.max(2 * (runAt.getTime() - updatedAt.getTime()), FIRST_PUT_OFF_MS), LONGEST_PUT_OFF_MS);
}
