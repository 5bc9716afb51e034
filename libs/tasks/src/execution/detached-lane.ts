import { Logger } from '@nestjs/common';

/** Tasks that run on by themselves: their leases cover them, and neither their messages nor their slots wait for their end. */
export class DetachedLane {
  private readonly logger = new Logger('Executor');
  private readonly ids = new Set<string>();

  /** How many tasks are in it. */
  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Keeps the task here until the work has ended, however it ends. */
  take(id: string, work: Promise<unknown>): void {
    this.ids.add(id);
    work
      .catch((error: Error) => this.logger.error(`Task ${id} could not be settled: ${error.message}`))
      .finally(() => this.ids.delete(id));
  }
}
