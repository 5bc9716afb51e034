import type { NewTask } from './task.js';

/** A task that Taskwell makes for itself. It waits for the network or the database only, so it goes first; its handler knows when to give up. */
export function internalTask(
  given: Pick<NewTask, 'id' | 'type' | 'title' | 'payload'> & Pick<Partial<NewTask>, 'traceparent'>,
): NewTask {
  return {
    description: null,
    priority: 'high',
    metadata: null,
    tags: [],
    maxAttempts: 1_000,
    timeoutSeconds: null,
    retry: { firstDelaySeconds: null, maxDelaySeconds: null },
    due: { inMs: 0 },
    callbackUrl: null,
    callbackFormat: null,
    notifyEmail: null,
    retryOf: null,
    scheduleId: null,
    ...given,
  };
}
