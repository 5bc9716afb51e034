import { Inject, Injectable } from '@nestjs/common';
import {
  HOUR_SECONDS,
  HandlerRegistry,
  MINUTE_SECONDS,
  QUARTER_SECONDS,
  StatsStore,
  percentile,
  total,
  type Figures,
  type Histogram,
} from '@app/tasks';
import type { Range } from './stats.query.js';

interface PercentilesView {
  p50: number;
  p95: number;
  p99: number;
}

interface FiguresView {
  submitted: number;
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  wait_seconds: PercentilesView | null;
  run_seconds: PercentilesView | null;
}

/** What happened in a range of time, as clients see it. */
export interface StatsView {
  range: Range;
  step_seconds: number;
  points: ({ at: string } & FiguresView)[];
  totals: FiguresView;
}

/** How many points a range has, and of how long a stretch each is. */
const SHAPES: Readonly<Record<Range, { points: number; stepSeconds: number }>> = {
  '1h': { points: 60, stepSeconds: MINUTE_SECONDS },
  '24h': { points: 96, stepSeconds: QUARTER_SECONDS },
  '7d': { points: 168, stepSeconds: HOUR_SECONDS },
};
const FRESH_MS = 5_000;

/** Tells what happened in the last hour, day or week, from the figures that are kept. All who ask within five seconds get the same. */
@Injectable()
export class FiguresReader {
  private readonly latest = new Map<string, { readAt: number; view: Promise<StatsView> }>();

  constructor(
    @Inject(StatsStore) private readonly stats: StatsStore,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  view(range: Range, type: string | undefined): Promise<StatsView> {
    const key = `${range} ${type ?? ''}`;
    for (const [one, { readAt }] of this.latest) if (performance.now() - readAt >= FRESH_MS) this.latest.delete(one);
    const known = this.latest.get(key);
    if (known) return known.view;
    const view = this.read(range, type);
    this.latest.set(key, { readAt: performance.now(), view });
    view.catch(() => this.latest.delete(key));
    return view;
  }

  private async read(range: Range, type: string | undefined): Promise<StatsView> {
    const { points, stepSeconds } = SHAPES[range];
    const stepMs = stepSeconds * 1000;
    const { now } = await this.stats.clock(MINUTE_SECONDS);
    const end = Math.ceil(now.getTime() / stepMs) * stepMs;
    const from = end - points * stepMs;
    const figures = await this.figures(from, end, stepSeconds, type);
    const steps = new Map<number, Figures[]>();
    for (const one of figures) {
      const at = Math.floor(one.at.getTime() / stepMs) * stepMs;
      steps.set(at, [...(steps.get(at) ?? []), one]);
    }
    return {
      range,
      step_seconds: stepSeconds,
      points: Array.from({ length: points }, (_, index) => {
        const at = from + index * stepMs;
        return { at: new Date(at).toISOString(), ...figuresView(total(steps.get(at) ?? [])) };
      }),
      totals: figuresView(total(figures)),
    };
  }

  /** Whole steps where they are kept, and the minutes of the last two: the one before the last may just be being added up. */
  private async figures(from: number, to: number, stepSeconds: number, type: string | undefined): Promise<Figures[]> {
    const minutesFrom = stepSeconds === MINUTE_SECONDS ? from : to - 2 * stepSeconds * 1000;
    const [steps, minutes] = await Promise.all([
      minutesFrom > from ? this.stats.figures(stepSeconds, new Date(from), new Date(minutesFrom), type) : [],
      this.stats.figures(MINUTE_SECONDS, new Date(minutesFrom), new Date(to), type),
    ]);
    const internal = type === undefined ? this.registry.internalNames() : [];
    return [...steps, ...minutes].filter((one) => !internal.includes(one.type));
  }
}

function figuresView({ submitted, started, completed, failed, cancelled, waits, runs }: Figures): FiguresView {
  return {
    ...{ submitted, started, completed, failed, cancelled },
    wait_seconds: percentilesView(waits),
    run_seconds: percentilesView(runs),
  };
}

function percentilesView(histogram: Histogram): PercentilesView | null {
  const of = (share: number) => percentile(histogram, share);
  const [p50, p95, p99] = [of(0.5), of(0.95), of(0.99)];
  if (p50 === null || p95 === null || p99 === null) return null;
  return { p50: seconds(p50), p95: seconds(p95), p99: seconds(p99) };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
