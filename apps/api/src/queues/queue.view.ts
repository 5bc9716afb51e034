import type { QueueDepth } from '@app/tasks';

/** A queue as clients see it. */
export interface QueueView {
  type: string;
  ready: number;
  scheduled: number;
  processing: number;
  oldest_ready_seconds: number | null;
  exact: boolean;
  paused: boolean;
  paused_at: string | null;
}

export function queueView(depth: QueueDepth, pausedAt: Date | null): QueueView {
  const { type, ready, scheduled, processing, oldestReadyMs, exact } = depth;
  return {
    type,
    ready,
    scheduled,
    processing,
    oldest_ready_seconds: oldestReadyMs === null ? null : oldestReadyMs / 1000,
    exact,
    paused: pausedAt !== null,
    paused_at: pausedAt?.toISOString() ?? null,
  };
}
