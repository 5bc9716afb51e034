import { Backoff } from './backoff';

/** What happened to a task, as the API tells it. */
export interface LiveEvent {
  id: string | null;
  event: 'status' | 'progress' | 'log' | 'reset';
  /** Null where it is about no single task. */
  task_id: string | null;
  at: string;
  data: unknown;
}

interface Listeners {
  onBatch: (events: readonly LiveEvent[]) => void;
  onGap: () => void;
  onState: (state: FeedState) => void;
}

export type FeedState = 'connecting' | 'live' | 'waiting';

const NAMES = ['status', 'progress', 'log', 'reset'] as const;
/** Thousands of events a second become four renderings. */
const FLUSH_MS = 250;

/**
 * The live events of a path, in batches. It reconnects by itself, with pauses that grow. Nobody knows what happened meanwhile: `onGap` says
 * so, also where the API left events out because there were too many.
 */
export class Feed {
  private source: EventSource | null = null;
  private readonly backoff = new Backoff();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingEvents: LiveEvent[] = [];
  private wasLive = false;
  private closed = false;

  private readonly path: string;
  private readonly onBatch: (events: readonly LiveEvent[]) => void;
  private readonly onGap: () => void;
  private readonly onState: (state: FeedState) => void;

  constructor(path: string, { onBatch, onGap, onState }: Listeners) {
    this.path = path;
    this.onBatch = onBatch;
    this.onGap = onGap;
    this.onState = onState;
    this.connect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  private connect(): void {
    this.onState(this.wasLive ? 'waiting' : 'connecting');
    const source = new EventSource(this.path);
    this.source = source;
    source.onopen = () => {
      this.backoff.succeeded();
      if (this.wasLive) this.onGap();
      this.wasLive = true;
      this.onState('live');
    };
    source.onerror = () => {
      source.close();
      if (this.closed) return;
      this.onState('waiting');
      this.timer = setTimeout(() => this.connect(), this.backoff.next());
    };
    for (const name of NAMES) {
      source.addEventListener(name, (message: MessageEvent<string>) => this.take(JSON.parse(message.data) as LiveEvent));
    }
  }

  private take(event: LiveEvent): void {
    this.waitingEvents.push(event);
    if (this.waitingEvents.length > 1) return;
    setTimeout(() => {
      const events = this.waitingEvents.splice(0);
      if (this.closed) return;
      this.onBatch(events);
      if (events.some(({ event }) => event === 'reset')) this.onGap();
    }, FLUSH_MS);
  }
}
