import type { Settings } from '@app/config';
import type { Announcement } from '@app/tasks';
import { Slots, type Slot } from '../slots.js';
import { TaskServer, type Readiness } from '../task-server.js';
import type { EmbeddedQueue } from './queue.js';

const PACE_MS = 250;

/** Receives the announcements of this process. */
export class EmbeddedServer extends TaskServer {
  readonly parked = 0;
  private readonly slots: Slots<Announcement>;
  private timer?: NodeJS.Timeout;
  private state: 'not listening yet' | 'receiving' | 'paused' = 'not listening yet';

  constructor(
    settings: Settings,
    private readonly queue: EmbeddedQueue,
  ) {
    super();
    this.slots = new Slots(settings.workerConcurrency, queue.waiting, (announcement, slot) => this.run(announcement, slot));
  }

  /** Who announces here calls this process itself. */
  get silentMs(): number {
    return 0;
  }

  get running(): number {
    return this.slots.running;
  }

  get freeSlots(): number {
    return this.slots.size - this.slots.running;
  }

  ready(): Readiness {
    return this.state === 'receiving' ? { ok: true } : { ok: false, reason: this.state };
  }

  async pause(): Promise<void> {
    this.state = 'paused';
    this.slots.pause();
  }

  async close(): Promise<void> {
    await this.pause();
    clearInterval(this.timer);
    this.queue.onPut = () => {};
  }

  unwrap<T>(): T {
    return this.queue as T;
  }

  protected start(): void {
    this.state = 'receiving';
    this.queue.onPut = () => this.slots.fill();
    this.timer = setInterval(() => this.slots.pace(), PACE_MS).unref();
    this.slots.fill();
  }

  private async run(announcement: Announcement, slot: Slot): Promise<void> {
    if ((await this.handle(announcement, slot)) === 'settled') return;
    // Paused first: it would come straight back otherwise.
    await this.pause();
    this.queue.put([announcement]);
  }
}
