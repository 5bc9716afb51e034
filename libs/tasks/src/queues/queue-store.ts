/** Whether the tasks of a type are handed out. */
export interface QueueState {
  type: string;
  /** Since when they are not; null if they are. */
  pausedAt: Date | null;
  /** Since when what was held is being released; null if nothing is. */
  resumedAt: Date | null;
}

/** The tasks of one type that have not ended. */
export interface QueueDepth {
  type: string;
  /** PENDING and due. */
  ready: number;
  /** PENDING and not due yet. */
  scheduled: number;
  processing: number;
  /** How long the oldest of the ready ones that were looked at has been due; null if none is. */
  oldestReadyMs: number | null;
  /** False if the queue is long: then the two numbers of PENDING tasks are told from samples of it. */
  exact: boolean;
}

/** Keeps which queues are paused, and holds back their tasks. Fails as the TaskStore does. */
export abstract class QueueStore {
  /** The queues that were ever paused. */
  abstract states(): Promise<QueueState[]>;

  /** Pausing a paused queue changes nothing. */
  abstract pause(type: string): Promise<void>;

  /** Resuming a queue that is not paused changes nothing. */
  abstract resume(type: string): Promise<void>;

  /** Those of `ids` that are due and whose queue is paused are not announced any more until it is resumed; answers how many these are. */
  abstract hold(ids: readonly string[]): Promise<number>;

  /**
   * Lets up to `limit` tasks of the type with ids above `after` be announced again if they were held. Answers where to go on, null at the
   * end.
   */
  abstract release(type: string, after: string, limit: number): Promise<string | null>;

  /** The release is over, if the queue was resumed at least `forMs` ago: no hold of before can still be under way. */
  abstract released(type: string, forMs: number): Promise<boolean>;

  abstract depth(type: string): Promise<QueueDepth>;

  /** How many due tasks of the type stand before this one, among the `limit` next to it. */
  abstract before(id: string, type: string, limit: number): Promise<number>;
}
