import { hash } from 'node:crypto';
import { internalTask } from '../internal-task.js';
import type { NewTask, Task } from '../task.js';

/** The type of the tasks that deliver callbacks. */
export const CALLBACK_TYPE = 'callback.deliver';

/** What a callback carries: an event with the task in it, or the bare result. */
export const CALLBACK_FORMATS = ['event', 'result'] as const;
export type CallbackFormat = (typeof CALLBACK_FORMATS)[number];

/** What the task that delivers a callback works on. */
export interface DeliveryPayload {
  /** The task whose end is told. */
  task_id: string;
  url: string;
  format: CallbackFormat;
}

/** How the receiver names what it is told: the same at every try and every delivery, because a task ends once. */
export function webhookId(taskId: string): string {
  return `msg_${taskId}`;
}

/**
 * The id of a task's first delivery (0), or of a further one that was asked for. It is derived, so that no accident makes two of one; like
 * every id it is a UUIDv7, of the same time as the task's.
 */
export function deliveryId(taskId: string, number: number): string {
  const digest = hash('sha256', `${taskId}/callbacks/${number}`, 'hex');
  const variant = ((parseInt(digest.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${taskId.slice(0, 13)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

/** The task that tells the receiver of the end of this one. */
export function deliveryOf(
  task: Pick<Task, 'id' | 'callbackUrl' | 'callbackFormat'> & { traceparent?: string | null },
  number = 0,
): NewTask {
  const format = task.callbackFormat === 'result' ? 'result' : 'event';
  const payload: DeliveryPayload = { task_id: task.id, url: task.callbackUrl!, format };
  return internalTask({
    id: deliveryId(task.id, number),
    type: CALLBACK_TYPE,
    title: 'Deliver a callback',
    payload: JSON.stringify(payload),
    traceparent: task.traceparent ?? undefined,
  });
}
