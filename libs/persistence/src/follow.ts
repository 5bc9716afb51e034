/** A task that follows from a settlement is announced again if nobody has claimed it by then. */
export const FOLLOW_AGAIN_MS = 10_000;
