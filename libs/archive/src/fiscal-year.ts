import { Cron } from 'croner';

/** The instants from `from` up to, but not including, `to`. */
export interface Period {
  from: Date;
  to: Date;
}

/** Before the first midnight that any time zone has on a day. */
const BEFORE_MIDNIGHT_MS = 15 * 3_600_000;

/** Financial years: each begins with the same day, at the beginning of that day by the clock of a time zone, and is named by the year it begins in. */
export class FiscalCalendar {
  /** For a schedule: ticks when a financial year ends and the next one begins. */
  readonly cron: string;

  /** @param start month and day, as in `04-01`; not `02-29`, which most years lack. */
  constructor(
    readonly start: string,
    readonly timeZone: string,
  ) {
    const [month, day] = this.monthAndDay();
    this.cron = `0 0 ${day} ${month} *`;
  }

  /** The financial year that begins in a calendar year. */
  periodOf(year: number): Period {
    return { from: this.beginningOf(year), to: this.beginningOf(year + 1) };
  }

  /** The financial year that an instant is in. */
  yearOf(at: Date): number {
    // Where a day has begun already, the calendar year may be one more than in UTC.
    const year = at.getUTCFullYear() + 1;
    return [year, year - 1, year - 2].find((candidate) => this.beginningOf(candidate) <= at)!;
  }

  /** As the schedule's ticks: where midnight does not exist the day begins after the gap, and where it comes twice, with the first. */
  private beginningOf(year: number): Date {
    const [month, day] = this.monthAndDay();
    const before = new Date(Date.UTC(year, month - 1, day) - BEFORE_MIDNIGHT_MS);
    return new Cron(this.cron, { timezone: this.timeZone, paused: true }).nextRun(before)!;
  }

  private monthAndDay(): [month: number, day: number] {
    const [month, day] = this.start.split('-').map(Number);
    return [month!, day!];
  }
}
