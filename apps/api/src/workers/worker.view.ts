import { GONE_MS, type WorkerState } from '@app/tasks';

/** A worker as clients see it. */
export interface WorkerView {
  worker_id: string;
  host: string;
  pid: number;
  version: string;
  started_at: string;
  seen_at: string;
  state: 'alive' | 'draining' | 'gone';
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

function stateOf({ silentMs, drainAt }: WorkerState): WorkerView['state'] {
  if (silentMs > GONE_MS) return 'gone';
  return drainAt === null ? 'alive' : 'draining';
}
