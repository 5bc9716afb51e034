import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { get } from '../../api/client';
import type { Task } from '../../api/types';
import { Bar } from '../../ui/bar';
import { Card } from '../../ui/card';
import { JsonView } from '../../ui/json-view';
import { Failed, Loading } from '../../ui/message';
import { StatusBadge, isFinal } from '../../ui/status';

const ASK_MS = 500;

/** The task that was just submitted, until its result is there. */
export function LiveResult({ id }: { id: string }) {
  const { data: task, error } = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => get<Task>(`/api/tasks/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && isFinal(state.data.status) ? false : ASK_MS),
  });
  if (error && !task) return <Failed error={error} />;
  if (!task) return <Loading lines={2} />;
  const { progress } = task;
  return (
    <Card
      flush
      title={
        <>
          Result <StatusBadge status={task.status} />
        </>
      }
      actions={
        <Link href={`/tasks/${id}`} className="button small">
          Open task
        </Link>
      }
    >
      <div aria-live="polite">
        {task.error && <p className="notice red live-error">{task.error.message}</p>}
        {task.result !== null && <JsonView value={task.result} label="Result" />}
        {task.result === null && !task.error && (
          <div className="card-body">
            {progress?.total ? <Bar share={progress.current / progress.total} label="Progress" /> : null}
            <p className="muted">{isFinal(task.status) ? 'It has no result.' : 'It comes by itself.'}</p>
          </div>
        )}
      </div>
    </Card>
  );
}
