import { Logger } from '@nestjs/common';
import { Rounds } from '../rounds.js';
import type { DutyStore } from '../duty-store.js';
import { sumOf } from './histogram.js';
import type { Figures, StatsStore } from './stats-store.js';

export const MINUTE_SECONDS = 60;
export const QUARTER_SECONDS = 900;
export const HOUR_SECONDS = 3_600;
const MINUTE_MS = MINUTE_SECONDS * 1_000;
const HOUR_MS = HOUR_SECONDS * 1_000;
/** What minutes are added up to, so that a day and a week are read in few rows. */
const SUMS = [QUARTER_SECONDS, HOUR_SECONDS];

const LOOK_MS = 5_000;
/** What ended in a minute is committed so long after it at the latest. */
const SETTLED_MS = 4_000;
/** A minute is measured in slices, so that no statement takes long. */
const SLICE_MS = 10_000;
/** Minutes that were missed are made up for as far back as this. */
const MOST_MISSED_MS = HOUR_MS;
const KEEP_MS = 90 * 24 * HOUR_MS;
const TURN_MS = 30_000;

/**
 * Keeps figures of every minute, quarter and hour, made from the rows when the minute is over. One process at a time does it; made again, they
 * come out the same.
 */
export class StatsRecorder {
  private readonly logger = new Logger(StatsRecorder.name);
  private readonly rounds = new Rounds(() => this.record(), { everyMs: LOOK_MS, logger: this.logger, what: 'Figures' });

  constructor(
    private readonly stats: StatsStore,
    private readonly duties: DutyStore,
    private readonly holder: string,
  ) {}

  start(): void {
    this.rounds.start();
  }

  /** Resolves when the look under way is over. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Keeps the figures of all minutes that are over and have none. */
  async record(): Promise<void> {
    while (!this.rounds.ending && (await this.duties.take('stats', this.holder, TURN_MS))) {
      const { last, now } = await this.stats.clock(MINUTE_SECONDS);
      const earliest = floor(now.getTime() - MOST_MISSED_MS, MINUTE_MS);
      const minute = last ? Math.max(last.getTime() + MINUTE_MS, earliest) : floor(now.getTime(), MINUTE_MS) - MINUTE_MS;
      if (minute + MINUTE_MS + SETTLED_MS > now.getTime()) return;
      await this.recordMinute(minute);
    }
  }

  private async recordMinute(minute: number): Promise<void> {
    const slices: Figures[] = [];
    for (let from = minute; from < minute + MINUTE_MS; from += SLICE_MS)
      slices.push(...(await this.stats.measure(new Date(from), new Date(from + SLICE_MS))));
    await this.stats.keep(MINUTE_SECONDS, new Date(minute), byType(slices));
    for (const seconds of SUMS) await this.addUp(minute + MINUTE_MS, seconds);
  }

  /** Keeps the sum of the minutes of a stretch, if one ends here. */
  private async addUp(end: number, seconds: number): Promise<void> {
    if (end % (seconds * 1_000) !== 0) return;
    const begin = new Date(end - seconds * 1_000);
    const minutes = await this.stats.figures(MINUTE_SECONDS, begin, new Date(end));
    await this.stats.keep(seconds, begin, byType(minutes));
    if (seconds === HOUR_SECONDS) await this.stats.forget(new Date(end - KEEP_MS));
  }
}

/** Adds figures up, by type. */
function byType(figures: readonly Figures[]): Figures[] {
  const types = [...new Set(figures.map(({ type }) => type))];
  return types.map((type) => total(figures.filter((one) => one.type === type)));
}

/** Adds figures up, whatever their type. */
export function total(figures: readonly Figures[]): Figures {
  const sum = (count: (one: Figures) => number) => figures.reduce((all, one) => all + count(one), 0);
  return {
    at: figures[0]?.at ?? new Date(0),
    type: figures[0]?.type ?? '',
    submitted: sum(({ submitted }) => submitted),
    started: sum(({ started }) => started),
    completed: sum(({ completed }) => completed),
    failed: sum(({ failed }) => failed),
    cancelled: sum(({ cancelled }) => cancelled),
    waits: sumOf(figures.map(({ waits }) => waits)),
    runs: sumOf(figures.map(({ runs }) => runs)),
  };
}

function floor(ms: number, step: number): number {
  return ms - (ms % step);
}
