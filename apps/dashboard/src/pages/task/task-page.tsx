import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { get } from '../../api/client';
import type { Task } from '../../api/types';
import { useInterval } from '../../live/live';
import { Page } from '../../shell/page';
import { Card } from '../../ui/card';
import { JsonView } from '../../ui/json-view';
import { Loaded } from '../../ui/loaded';
import { StatusBadge, isFinal } from '../../ui/status';
import { visibleText } from '../../ui/visible-text';
import { AttemptsCard } from './attempts-card';
import { CallbacksCard } from './callbacks-card';
import { FactsCard } from './facts-card';
import { FilesCard } from './files-card';
import { LogsCard } from './logs-card';
import { StatePicture } from './state-picture';
import { TaskActions } from './task-actions';
import { WhyNotice } from './why-notice';
import './task.css';

const ASK_MS = 2_000;
const FAILURES: Record<string, string> = {
  error: 'Its handler failed',
  timeout: 'It took too long',
  crash: 'Its worker went away too often',
  rejected: 'It was refused',
  cancelled: 'It was called off',
};

/** One task, live. */
export function TaskPage({ id }: { id: string }) {
  const interval = useInterval(ASK_MS, 1_000);
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => get<Task>(`/api/tasks/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && isFinal(state.data.status) ? false : interval),
  });
  const shown = task.data;
  return (
    <Page
      title={shown?.title ?? 'Task'}
      beside={
        <>
          {shown && <StatusBadge status={shown.status} />}
          {shown && (
            <Link href={`/tasks?query=type:${shown.type}`} className="mono tag">
              {shown.type}
            </Link>
          )}
        </>
      }
      actions={shown && <TaskActions task={shown} />}
    >
      <Loaded query={task} lines={10}>
        {(loaded) => <Detail task={loaded} />}
      </Loaded>
    </Page>
  );
}

function Detail({ task }: { task: Task }) {
  return (
    <div className="task-grid">
      <div className="stack">
        <StatePicture task={task} />
        {task.status === 'PENDING' && <WhyNotice task={task} />}
        {task.error && (
          <div className="notice red">
            <strong>{FAILURES[task.error.kind] ?? task.error.kind}</strong>
            <p className="task-error mono">{visibleText(task.error.message)}</p>
          </div>
        )}
        {task.result !== null && (
          <Card title="Result" flush>
            <JsonView value={task.result} label="Result" />
          </Card>
        )}
        {task.description !== null && task.description !== '' && (
          <Card title="Description">
            <p className="task-text">{task.description}</p>
          </Card>
        )}
        {task.payload !== null && (
          <Card title="Payload" flush>
            <JsonView value={task.payload} label="Payload" />
          </Card>
        )}
        <FilesCard task={task} />
        <LogsCard task={task} />
        <AttemptsCard task={task} />
        {task.metadata !== null && (
          <Card title="Metadata" flush>
            <JsonView value={task.metadata} label="Metadata" />
          </Card>
        )}
        {task.callback_url !== null && <CallbacksCard task={task} />}
      </div>
      <FactsCard task={task} />
    </div>
  );
}
