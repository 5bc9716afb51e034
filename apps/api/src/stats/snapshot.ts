import { Inject, Injectable } from '@nestjs/common';
import { HandlerRegistry, StatsStore, type RecentFailure, type TypeCounts, type WaitingTask } from '@app/tasks';

/** Counts go no further: the answer must come in time whatever the table holds. */
export const COUNT_LIMIT = 100_000;
const OLDEST_LOOKED_AT = 500;
const FAILURES_LOOKED_AT = 500;
/** All who ask within this time get the same figures. */
const FRESH_MS = 2_000;

/** How things stand. */
export interface Snapshot {
  at: Date;
  counts: TypeCounts[];
  oldest: WaitingTask | null;
  failures: RecentFailure[];
}

/** Looks how things stand, at most every two seconds however many ask. */
@Injectable()
export class Snapshots {
  private latest: { takenAt: number; snapshot: Promise<Snapshot> } | undefined;

  constructor(
    @Inject(StatsStore) private readonly stats: StatsStore,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  now(): Promise<Snapshot> {
    if (this.latest && performance.now() - this.latest.takenAt < FRESH_MS) return this.latest.snapshot;
    const snapshot = this.take();
    const latest = { takenAt: performance.now(), snapshot };
    this.latest = latest;
    snapshot.catch(() => this.latest === latest && (this.latest = undefined));
    return snapshot;
  }

  private async take(): Promise<Snapshot> {
    const internal = this.registry.internalNames();
    const found = await this.stats.types();
    const types = [...new Set([...this.registry.names(), ...found])].filter((type) => !internal.includes(type)).sort();
    const used = types.filter((type) => found.includes(type));
    const [counts, waiting, failures] = await Promise.all([
      this.stats.counts(types, COUNT_LIMIT),
      Promise.all(used.map((type) => this.stats.oldestWaiting(type, OLDEST_LOOKED_AT))),
      this.stats.failures(FAILURES_LOOKED_AT),
    ]);
    const oldest = waiting.reduce((a, b) => ((b?.waitedMs ?? -1) > (a?.waitedMs ?? -1) ? b : a), null);
    return { at: new Date(), counts, oldest, failures: failures.filter(({ type }) => !internal.includes(type)) };
  }
}
