/** One try to deliver a callback. */
export interface CallbackTry {
  deliveryId: string;
  /** The delivery's attempt that made the try. */
  attempt: number;
  at: Date;
  durationMs: number;
  /** The HTTP status of the answer; null if there was none. */
  status: number | null;
  /** The beginning of the answer's body; null if there was none. */
  answer: string | null;
  /** Why there was no answer; null if there was one. */
  error: string | null;
}

/** Keeps what is known of deliveries beside their rows, and the secret that they are signed with. Fails as the TaskStore does. */
export abstract class CallbackStore {
  /** Notes a try that has just ended; noting the try of the same attempt again changes nothing. */
  abstract addTry(made: Omit<CallbackTry, 'at'>): Promise<void>;

  /** The tries of the deliveries, oldest first. */
  abstract tries(deliveryIds: readonly string[]): Promise<CallbackTry[]>;

  /** The secret that is kept; `fresh` is kept if there was none. */
  abstract secret(fresh: string): Promise<string>;
}
