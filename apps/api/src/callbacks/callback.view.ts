import { webhookId, type CallbackTry, type DeliveryPayload, type Task } from '@app/tasks';

const STATES = {
  PENDING: 'waiting',
  PROCESSING: 'delivering',
  COMPLETED: 'delivered',
  FAILED: 'failed',
  CANCELLED: 'called_off',
} as const;

/** A delivery of a callback as clients see it. */
export interface CallbackView {
  delivery_id: string;
  /** The same at every try and every delivery. */
  webhook_id: string;
  url: string;
  format: string;
  state: (typeof STATES)[Task['status']];
  /** Why it failed, or the latest try did. */
  reason: string | null;
  next_try_at: string | null;
  created_at: string;
  completed_at: string | null;
  tries: TryView[];
}

export interface TryView {
  at: string;
  duration_ms: number;
  status: number | null;
  answer: string | null;
  error: string | null;
}

export function callbackView(delivery: Task, tries: readonly CallbackTry[]): CallbackView {
  const { task_id, url, format } = delivery.payload as DeliveryPayload;
  return {
    delivery_id: delivery.id,
    webhook_id: webhookId(task_id),
    url,
    format,
    state: STATES[delivery.status],
    reason: delivery.error?.message ?? null,
    next_try_at: delivery.status === 'PENDING' ? delivery.runAt.toISOString() : null,
    created_at: delivery.createdAt.toISOString(),
    completed_at: delivery.completedAt?.toISOString() ?? null,
    tries: tries.filter(({ deliveryId }) => deliveryId === delivery.id).map(tryView),
  };
}

function tryView({ at, durationMs, status, answer, error }: CallbackTry): TryView {
  return { at: at.toISOString(), duration_ms: durationMs, status, answer, error };
}
