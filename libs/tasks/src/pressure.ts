import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** Submissions in one batch from which on they are a crowd. */
const CROWD = 16;
/** How long a crowd is felt. */
const FELT_MS = 50;
/** How often it is looked how busy the event loop is. */
const LOOK_MS = 50;
const SATURATED = 0.5;

/**
 * Whether submissions crowd at a process that has no time left: then answers come first, and the work that the same process does waits
 * for a larger share of company. In a process that takes no submissions it is never high.
 */
export class Pressure {
  private crowdedAt = -Infinity;
  private lookedAt = -Infinity;
  private before: EventLoopUtilization = performance.eventLoopUtilization();
  private saturated = false;

  /** Notes that so many submissions went to the store together. */
  submitted(count: number, now = performance.now()): void {
    if (count >= CROWD) this.crowdedAt = now;
  }

  isHigh(now = performance.now()): boolean {
    if (now - this.crowdedAt > FELT_MS) return false;
    if (now - this.lookedAt >= LOOK_MS) this.look(now);
    return this.saturated;
  }

  private look(now: number): void {
    const present = performance.eventLoopUtilization();
    this.saturated = performance.eventLoopUtilization(present, this.before).utilization >= SATURATED;
    this.before = present;
    this.lookedAt = now;
  }
}
