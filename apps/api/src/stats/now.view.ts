import { STATUSES, type FailureKind, type RecentFailure, type TaskStatus, type TypeCounts } from '@app/tasks';
import { COUNT_LIMIT, type Snapshot } from './snapshot.js';

const MOST_GROUPS = 50;
const GROUPED_BY = 200;

export interface FailureGroupView {
  type: string;
  kind: FailureKind;
  message: string;
  count: number;
  last_at: string;
  example_task_id: string;
}

/** How things stand, as clients see it. */
export interface NowView {
  counted_at: string;
  capped_at: number;
  by_status: Record<TaskStatus, number>;
  by_type: TypeCounts[];
  oldest_waiting: { task_id: string; type: string; due_at: string; age_seconds: number } | null;
  failures: FailureGroupView[];
}

export function nowView({ at, counts, oldest, failures }: Snapshot): NowView {
  const total = (status: TaskStatus) => counts.reduce((sum, count) => sum + count[status], 0);
  return {
    counted_at: at.toISOString(),
    capped_at: COUNT_LIMIT,
    by_status: Object.fromEntries(STATUSES.map((status) => [status, total(status)])) as Record<TaskStatus, number>,
    by_type: counts,
    oldest_waiting: oldest && {
      task_id: oldest.id,
      type: oldest.type,
      due_at: oldest.dueAt.toISOString(),
      age_seconds: oldest.waitedMs / 1000,
    },
    failures: groupsOf(failures),
  };
}

/** The failures by type, kind and the beginning of the message, the most frequent first. */
function groupsOf(failures: readonly RecentFailure[]): FailureGroupView[] {
  const groups = new Map<string, FailureGroupView>();
  for (const { id, type, error, at } of failures) {
    const kind = error?.kind ?? 'error';
    const message = (error?.message ?? '').slice(0, GROUPED_BY).toWellFormed();
    const key = JSON.stringify([type, kind, message]);
    const group = groups.get(key) ?? { type, kind, message, count: 0, last_at: at.toISOString(), example_task_id: id };
    group.count++;
    if (at.toISOString() > group.last_at) group.last_at = at.toISOString();
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count).slice(0, MOST_GROUPS);
}
