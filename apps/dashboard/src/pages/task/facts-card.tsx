import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Task } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Card } from '../../ui/card';
import { CopyButton } from '../../ui/copy';

/** What else is known of the task. */
export function FactsCard({ task }: { task: Task }) {
  return (
    <div className="stack">
      <Card title="Details">
        <p className="row spread task-id">
          <span className="mono clip">{task.task_id}</span>
          <CopyButton text={task.task_id} label="Copy the id" />
        </p>
        <dl className="facts">
          <Fact name="Priority">{task.priority}</Fact>
          <Fact name="Attempt">
            <span className="num">
              {task.attempt} of {task.max_attempts}
            </span>
          </Fact>
          {task.timeout_seconds !== null && <Fact name="Time limit">{task.timeout_seconds} s</Fact>}
          <Fact name="Submitted">
            <Ago at={task.created_at} />
          </Fact>
          {task.run_at > task.created_at && (
            <Fact name="Due">
              <Ago at={task.run_at} />
            </Fact>
          )}
          <Fact name="Changed">
            <Ago at={task.updated_at} />
          </Fact>
          {task.tags.length > 0 && (
            <Fact name="Tags">
              <span className="row wrap">
                {task.tags.map((tag) => (
                  <Link key={tag} className="tag" href={`/tasks?query=${encodeURIComponent(`tag:${tag}`)}`}>
                    {tag}
                  </Link>
                ))}
              </span>
            </Fact>
          )}
          {task.retry_of !== null && (
            <Fact name="Retry of">
              <Link href={`/tasks/${task.retry_of}`} className="mono small">
                {task.retry_of}
              </Link>
            </Fact>
          )}
          {task.schedule_id !== null && (
            <Fact name="Schedule">
              <Link href={`/tasks?query=schedule:${task.schedule_id}`} className="mono small">
                {task.schedule_id}
              </Link>
            </Fact>
          )}
          {task.notify_email !== null && <Fact name="Mail on failure">{task.notify_email}</Fact>}
        </dl>
      </Card>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
