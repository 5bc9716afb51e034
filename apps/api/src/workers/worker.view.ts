import { GONE_MS, type WorkerState } from '@app/tasks';

export const WORKER_STATES = ['alive', 'draining', 'gone'] as const;

/** A worker as clients see it. */
export interface WorkerView {
  worker_id: string;
  host: string;
  pid: number;
  version: string;
  started_at: string;
  seen_at: string;
  state: (typeof WORKER_STATES)[number];
  slots: number;
  busy: number;
  types: readonly string[];
  running: { task_id: string; type: string; since: string }[];
}

export function workerView(worker: WorkerState): WorkerView {
  const { id, host, pid, version, startedAt, seenAt, slots, busy, types, running } = worker;
  return {
    worker_id: id,
    host,
    pid,
    version,
    started_at: startedAt.toISOString(),
    seen_at: seenAt.toISOString(),
    state: stateOf(worker),
    slots,
    busy,
    types,
    running: running.map(({ taskId, type, since }) => ({ task_id: taskId, type, since })),
  };
}

/** By what was last heard of it. */
export function stateOf({ silentMs, drainAt }: WorkerState): WorkerView['state'] {
  if (silentMs > GONE_MS) return 'gone';
  return drainAt === null ? 'alive' : 'draining';
}
