import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Attempt, Task } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Card } from '../../ui/card';
import { secondsBetween, spanText } from '../../ui/time';
import { visibleText } from '../../ui/visible-text';

/** The attempts that did not complete the task, and the present one. */
export function AttemptsCard({ task }: { task: Task }) {
  const { data } = useQuery({
    queryKey: ['task', task.task_id, 'attempts', task.attempt, task.status],
    queryFn: ({ signal }) => get<{ items: Attempt[] }>(`/api/tasks/${task.task_id}/attempts`, {}, signal),
    enabled: task.attempt > 0,
    placeholderData: (before) => before,
  });
  const past = data?.items ?? [];
  const showsPresent = task.started_at !== null && (task.status === 'PROCESSING' || task.status === 'COMPLETED');
  if (past.length === 0 && !showsPresent) return null;
  return (
    <Card title="Attempts">
      <ol className="timeline">
        {past.map(({ attempt, started_at, ended_at, error }) => (
          <li key={attempt} className="event red">
            <p className="row spread">
              <strong>
                Attempt {attempt} · {error.kind}
              </strong>
              <span className="faint small">
                {started_at !== null && `${spanText(Math.max(secondsBetween(started_at, ended_at), 0))} · `}
                <Ago at={ended_at} />
              </span>
            </p>
            <p className="mono task-error muted">{visibleText(error.message)}</p>
          </li>
        ))}
        {showsPresent && (
          <li className={`event ${task.status === 'COMPLETED' ? 'green' : 'blue'}`}>
            <p className="row spread">
              <strong>
                Attempt {task.attempt} · {task.status === 'COMPLETED' ? 'completed' : 'running'}
              </strong>
              <span className="faint small">
                {task.completed_at !== null && `${spanText(Math.max(secondsBetween(task.started_at!, task.completed_at), 0))} · `}
                <Ago at={task.completed_at ?? task.started_at!} />
              </span>
            </p>
          </li>
        )}
      </ol>
    </Card>
  );
}
