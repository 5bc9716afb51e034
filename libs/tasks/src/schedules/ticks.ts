import { Cron } from 'croner';

const NAMED = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const ZONE = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;
const MAX_LENGTH = 255;

/** The cron expression or the time zone makes no sense; says what about it. */
export class BadTicks extends Error {
  override name = 'BadTicks';
  constructor(
    readonly about: 'cron' | 'timeZone',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The instants that a cron expression names by the clock of a time zone. Where the clock is put back, a job with one time of day
 * comes once, at the first of the two; one with an interval goes on through both. Where the clock is put forward, a time of day that
 * does not exist comes right after the gap; an interval leaves the gap out.
 */
export class Ticks {
  private constructor(private readonly cron: Cron) {}

  /** @throws BadTicks */
  static of({ cron, timeZone }: { cron: string; timeZone: string }): Ticks {
    if (!ZONE.test(timeZone) || !isZone(timeZone)) {
      throw new BadTicks('timeZone', 'must be the IANA name of a time zone, such as Europe/Berlin');
    }
    const fields = cron.trim().split(/\s+/).length;
    if (cron.length > MAX_LENGTH || !/^[\x20-\x7e]*$/.test(cron) || !(fields === 5 || fields === 6 || NAMED.test(cron.trim()))) {
      throw new BadTicks('cron', 'must be a cron expression of five fields, or six with seconds, or a name such as @daily');
    }
    try {
      return new Ticks(new Cron(cron, { timezone: timeZone, paused: true }));
    } catch (error) {
      throw new BadTicks('cron', `must be a cron expression: ${(error as Error).message.replace(/^CronPattern: /, '')}`);
    }
  }

  /** The first tick after an instant; null if none comes any more. */
  after(at: Date): Date | null {
    return this.cron.nextRun(at);
  }

  /** The latest ticks from `from` until `until`, both included, at most so many, in the order of time. */
  between(from: Date, until: Date, limit: number): Date[] {
    return this.cron
      .previousRuns(limit, new Date(until.getTime() + 1))
      .filter((tick) => tick >= from)
      .reverse();
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
