import type { CallbackFormat, Task } from '@app/tasks';

/** The body of a callback: what the task's own row says now. */
export function messageOf(task: Task, format: CallbackFormat): string {
  return JSON.stringify(format === 'result' ? bareResult(task) : event(task));
}

/** A Standard Webhooks payload. */
function event(task: Task): object {
  return {
    type: `task.${task.status.toLowerCase()}`,
    timestamp: (task.completedAt ?? task.updatedAt).toISOString(),
    data: {
      task_id: task.id,
      type: task.type,
      title: task.title,
      status: task.status,
      ...(task.status === 'COMPLETED' ? { result: task.result } : { error: task.error }),
      metadata: task.metadata,
      tags: task.tags,
      attempt: task.attempt,
      created_at: task.createdAt.toISOString(),
      completed_at: task.completedAt?.toISOString() ?? null,
    },
  };
}

/** `{results, errors}` as types of many items give it; for what did not complete, its failure is the one error. */
function bareResult(task: Task): unknown {
  if (task.status === 'COMPLETED') return task.result;
  return { results: [], errors: [{ task: task.error?.message ?? 'The task did not complete.' }] };
}
