import type { LinePosition } from '@app/tasks';

/** Reads lines of a task's log in the order of its primary key. */
export function logsQuery(id: string, { size, after }: { size: number; after?: LinePosition }) {
  const since = after ? 'AND (attempt > ? OR (attempt = ? AND line > ?))' : '';
  return {
    sql: `SELECT attempt, line, level, message, at FROM task_logs WHERE task_id = ? ${since} ORDER BY attempt, line LIMIT ?`,
    params: [id, ...(after ? [after.attempt, after.attempt, after.line] : []), size],
  };
}
