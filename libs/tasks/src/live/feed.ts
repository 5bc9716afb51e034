import type { TaskStatus } from '../task.js';
import type { Change, Changes } from './changes.js';
import type { TaskState } from './history.js';
import type { HistoryStore } from './history-store.js';

/** Changes are told in rounds, so that one look at the store serves many of them. */
const ROUND_MS = 200;
/** Tasks of one round; when more change, nobody could read it: everybody is told to look anew. */
const MOST_TASKS = 500;
/** Events that are kept for who comes back. */
const MOST_KEPT = 5_000;
/** The clocks of two processes, and the moments at which they heard of a change, are less far apart. */
const APART_MS = 5_000;
/** So long after its last reader has left, the feed goes on for who comes back. */
const LINGER_MS = 60_000;
/** So long after the listening began, others may not yet know that somebody listens. */
const DEAF_MS = 500;

/** Something that happened to any task. */
export interface FeedEvent {
  /** Rises; made of the time by this process's clock and a number, and understood by every process. */
  id: string;
  at: Date;
  state: TaskState;
  /** The status that it came to have; undefined for progress. */
  status?: TaskStatus;
  attempt: number;
}

/** What a reader is given: events, or that it missed some and must look anew, with the place from which it misses nothing. */
export type FeedNews = readonly FeedEvent[] | { reset: string };

type Reader = (news: FeedNews) => void;

/**
 * Tells what happens to all tasks, as far as this process hears of it: whoever was cut off for a while is told what came meanwhile, and
 * whoever may have missed something is told so.
 */
export class Feed {
  private readonly readers = new Set<Reader>();
  private readonly kept: FeedEvent[] = [];
  private heard = new Map<string, Change>();
  private timer: NodeJS.Timeout | undefined;
  private lingering: NodeJS.Timeout | undefined;
  private stopListening?: () => void;
  /** From this moment on, in milliseconds since 1970, everything is kept; null while that cannot be said. */
  private wholeSince: number | null = null;
  private hearingSince: number | null = null;
  private last = { ms: 0, number: 0 };

  constructor(
    private readonly history: HistoryStore,
    private readonly changes: Changes,
  ) {}

  get size(): number {
    return this.readers.size;
  }

  /** Tells the reader what came after `lastId`, or that this is not known, and then whatever happens until the answer is called. */
  read(lastId: string | undefined, reader: Reader): () => void {
    this.begin();
    const missed = lastId === undefined ? [] : this.since(lastId);
    if (missed === null || this.wholeSince === null) reader({ reset: this.nextId() });
    else if (missed.length > 0) reader(missed);
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
      if (this.readers.size === 0) this.lingering = setTimeout(() => this.end(), LINGER_MS).unref();
    };
  }

  private begin(): void {
    clearTimeout(this.lingering);
    if (this.stopListening) return;
    this.stopListening = this.changes.listen((changes) => this.hear(changes));
    this.timer = setInterval(() => void this.round(), ROUND_MS).unref();
    this.checkHearing();
  }

  private end(): void {
    clearInterval(this.timer);
    this.stopListening?.();
    this.stopListening = undefined;
    this.kept.length = 0;
    this.heard.clear();
    this.wholeSince = null;
    this.hearingSince = null;
  }

  private hear(changes: readonly Change[]): void {
    for (const change of changes) {
      if (this.heard.size > 4 * MOST_TASKS) return;
      this.heard.set(`${change.id} ${change.attempt} ${change.status}`, change);
    }
  }

  /** Notices when this process begins to hear of everything, and when it ceases to. */
  private checkHearing(): void {
    const { heardSince } = this.changes;
    if (heardSince === this.hearingSince) return;
    if (heardSince !== null && performance.now() - heardSince < DEAF_MS) return;
    const isFirst = this.hearingSince === null && this.wholeSince === null && this.readers.size === 0;
    this.hearingSince = heardSince;
    if (heardSince === null) this.wholeSince = null;
    else this.startAnew(!isFirst);
  }

  /** What came before is not whole. */
  private startAnew(tell: boolean): void {
    this.kept.length = 0;
    const reset = this.nextId();
    this.wholeSince = Date.now();
    if (tell) for (const reader of this.readers) reader({ reset });
  }

  private async round(): Promise<void> {
    this.checkHearing();
    if (this.heard.size === 0) return;
    const heard = [...this.heard.values()];
    this.heard = new Map();
    const ids = [...new Set(heard.map(({ id }) => id))];
    if (ids.length > MOST_TASKS) return this.startAnew(true);
    try {
      const states = new Map((await this.history.states(ids)).map((state) => [state.id, state]));
      this.tell(heard.flatMap((change) => this.eventOf(change, states.get(change.id))));
    } catch {
      this.startAnew(true);
    }
  }

  private tell(events: readonly FeedEvent[]): void {
    if (events.length === 0) return;
    this.kept.push(...events);
    if (this.kept.length > MOST_KEPT) {
      const gone = this.kept.splice(0, this.kept.length - MOST_KEPT);
      if (this.wholeSince !== null) this.wholeSince = timeOf(gone.at(-1)!.id)! + 1;
    }
    for (const reader of this.readers) reader(events);
  }

  private eventOf({ attempt, status }: Change, state: TaskState | undefined): FeedEvent[] {
    if (!state || (status === undefined && state.progress === null)) return [];
    return [{ id: this.nextId(), at: atOf(state, attempt, status), state, status, attempt }];
  }

  /** What came after an id of ours or of another process; null if that is not known. */
  private since(lastId: string): FeedEvent[] | null {
    const own = this.kept.findIndex(({ id }) => id === lastId);
    if (own >= 0) return this.kept.slice(own + 1);
    const ms = timeOf(lastId);
    if (ms === null || this.wholeSince === null || ms - APART_MS < this.wholeSince) return null;
    return this.kept.filter(({ id }) => timeOf(id)! >= ms - APART_MS);
  }

  private nextId(): string {
    const ms = Math.max(Date.now(), this.last.ms);
    this.last = { ms, number: ms === this.last.ms ? this.last.number + 1 : 0 };
    return `${ms}-${this.last.number}`;
  }
}

/** The time in an id of the feed; null for a text that is none. */
export function timeOf(id: string): number | null {
  const [, ms] = /^(\d{1,15})-\d{1,9}$/.exec(id) ?? [];
  return ms === undefined ? null : Number(ms);
}

function atOf(state: TaskState, attempt: number, status: TaskStatus | undefined): Date {
  if (status === 'PENDING' && attempt === 0) return state.createdAt;
  if (attempt !== state.attempt || status === undefined) return state.updatedAt;
  if (status === 'PROCESSING') return state.startedAt ?? state.updatedAt;
  return state.completedAt ?? state.updatedAt;
}
