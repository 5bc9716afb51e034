/** What a worker says of itself. */
export interface WorkerBeat {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** What it can run, internal types too. */
  types: readonly string[];
  /** How many tasks it runs side by side. */
  slots: number;
  busy: number;
  running: readonly RunningTask[];
}

export interface RunningTask {
  taskId: string;
  type: string;
  since: string;
}

/** What is asked of a worker. */
export interface Orders {
  /** Take no more tasks. */
  drain: boolean;
  /** Types whose queues are paused. */
  paused: string[];
  /** Types whose queues were resumed and are being released. */
  resuming: string[];
}

/** A worker as it was last heard of. */
export interface WorkerState extends WorkerBeat {
  /** When it was asked to take no more tasks; null if it was not. */
  drainAt: Date | null;
  startedAt: Date;
  seenAt: Date;
  silentMs: number;
}

/** Keeps what workers say of themselves. Fails as the TaskStore does. */
export abstract class WorkerStore {
  /** Notes that the worker lives, and answers what is asked of it. */
  abstract beat(beat: WorkerBeat): Promise<Orders>;

  /** All that are known, the latest started first. */
  abstract list(): Promise<WorkerState[]>;

  /** Asks a worker to take no more tasks; false if there is none of this id. */
  abstract drain(id: string): Promise<boolean>;

  /** The worker has ended in good order. */
  abstract leave(id: string): Promise<void>;

  /** Forgets workers that were silent for so long. */
  abstract forget(silentMs: number): Promise<void>;
}
