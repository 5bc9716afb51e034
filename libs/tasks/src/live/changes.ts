import type { TaskStatus } from '../task.js';

/**
 * Says that something about a task changed, and where to look. It may get lost or come twice: the row is the truth. Without a status, it was
 * progress or a line of the log.
 */
export interface Change {
  id: string;
  attempt: number;
  status?: TaskStatus;
}

type Listener = (changes: readonly Change[]) => void;

/** Carries changes to and from the other processes. */
export interface Carrier {
  /** Whether it is worth telling anything: somebody out there may listen. Cheap. */
  readonly wanted: boolean;
  /** Never fails and never waits; what cannot be carried is dropped. */
  carry(changes: readonly Change[]): void;
  /** Whether what others tell is to be brought here. */
  listen(on: boolean): void;
  /** Since when all that others tell is heard here, by `performance.now()`; null while it is not. */
  readonly heardSince: number | null;
}

/** What this process and the others tell of changes, for whoever listens here. Costs nothing while nobody listens anywhere. */
export class Changes {
  private readonly listeners = new Set<Listener>();
  private carrier?: Carrier;
  private startedAt = performance.now();

  /** Whether it is worth telling anything. */
  get wanted(): boolean {
    return this.listeners.size > 0 || (this.carrier?.wanted ?? false);
  }

  /** Since when all changes are heard here; null while some may be missed. */
  get heardSince(): number | null {
    return this.carrier ? this.carrier.heardSince : this.startedAt;
  }

  /** Connects this process with the others. */
  connect(carrier: Carrier): void {
    this.carrier = carrier;
    if (this.listeners.size > 0) carrier.listen(true);
  }

  /** This process made these changes, and they are committed. */
  made(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.deliver(changes);
    if (this.carrier?.wanted) this.carrier.carry(changes);
  }

  /** Another process made these changes. */
  arrived(changes: readonly Change[]): void {
    this.deliver(changes);
  }

  /** Hears all changes until the answer is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.carrier?.listen(true);
    return () => {
      if (this.listeners.delete(listener) && this.listeners.size === 0) this.carrier?.listen(false);
    };
  }

  private deliver(changes: readonly Change[]): void {
    for (const listener of this.listeners) listener(changes);
  }
}
