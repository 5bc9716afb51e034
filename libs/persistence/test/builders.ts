import { randomBytes } from 'node:crypto';
import type { NewTask } from '@app/tasks';

let lastMs = 0;
let sequence = 0;

/** A UUIDv7; ids of one process sort in the order they were made. */
export function taskId(atMs = Date.now()): string {
  sequence = atMs === lastMs ? sequence + 1 : 0;
  lastMs = atMs;
  const time = atMs.toString(16).padStart(12, '0');
  const order = sequence.toString(16).padStart(3, '0');
  const random = randomBytes(8).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-a${random.slice(0, 3)}-${random.slice(3, 15)}`;
}

/** A task that is due now; a test names only what it is about. */
export function newTask(differences: Partial<NewTask> = {}): NewTask {
  return {
    id: taskId(),
    type: 'test.echo',
    title: 'A task',
    description: null,
    priority: 'normal',
    payload: null,
    metadata: null,
    tags: [],
    maxAttempts: 3,
    timeoutSeconds: null,
    retry: { firstDelaySeconds: null, maxDelaySeconds: null },
    due: { inMs: 0 },
    callbackUrl: null,
    callbackFormat: null,
    notifyEmail: null,
    retryOf: null,
    scheduleId: null,
    ...differences,
  };
}

export function newTasks(count: number, differences: Partial<NewTask> = {}): NewTask[] {
  return Array.from({ length: count }, () => newTask(differences));
}
