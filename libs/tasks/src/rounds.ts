import type { Logger } from '@nestjs/common';

export interface RoundsOptions {
  /** Between the end of a round and the begin of the next. */
  everyMs: number;
  logger: Logger;
  /** What is held up while rounds fail; begins a sentence in the log. */
  what: string;
}

/** Does something again and again, one round at a time, and goes on whatever a round throws. That it fails is said once, and so that it goes on. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private healthy = true;
  /** True once it was told to stop: a long round ends early. */
  ending = false;

  constructor(
    private readonly round: () => Promise<void>,
    private readonly options: RoundsOptions,
  ) {}

  start(): void {
    this.ending = false;
    this.next();
  }

  /** Resolves when the round under way is over. */
  async stop(): Promise<void> {
    this.ending = true;
    clearTimeout(this.timer);
    await this.current;
  }

  private next(): void {
    if (this.ending) return;
    this.timer = setTimeout(() => {
      this.current = this.round()
        .then(
          () => this.report(null),
          (error: Error) => this.report(error),
        )
        .finally(() => this.next());
    }, this.options.everyMs).unref();
  }

  private report(error: Error | null): void {
    if (this.healthy === (error === null)) return;
    this.healthy = error === null;
    const { logger, what } = this.options;
    if (error) logger.warn(`${what} are held up: ${error.message}`);
    else logger.log(`${what} go on.`);
  }
}
