import { Ban, Check, CircleDot, Clock, Inbox, X } from 'lucide-react';
import type { Task } from '../../api/types';
import { Bar } from '../../ui/bar';
import { useNow } from '../../ui/clock';
import { countText } from '../../ui/numbers';
import { statusWord } from '../../ui/status';
import { secondsBetween, shortInstantText, spanText } from '../../ui/time';

type Look = 'done' | 'now' | 'ahead' | 'failed' | 'off';

interface Step {
  title: string;
  look: Look;
  icon: typeof Check;
  text: string | null;
}

/** Where the task is on its way. */
export function StatePicture({ task }: { task: Task }) {
  const clock = useNow();
  const { progress, status } = task;
  return (
    <section className="card state-picture" aria-label="State">
      <ol className="steps">
        {stepsOf(task, clock).map(({ title, look, icon: Icon, text }) => (
          <li key={title} className={`step ${look}`} aria-current={look === 'now' ? 'step' : undefined}>
            <span className="step-mark">
              <Icon aria-hidden />
            </span>
            <span className="step-title">{title}</span>
            <span className="faint small num">{text ?? '\u00a0'}</span>
          </li>
        ))}
      </ol>
      {progress && status === 'PROCESSING' && (
        <div className="stack tight state-progress">
          {progress.total !== null && <Bar share={progress.current / Math.max(progress.total, 1)} label="Progress of the task" />}
          <p className="muted small num">
            {countText(progress.current)}
            {progress.total !== null && ` of ${countText(progress.total)}`}
            {progress.message !== null && ` · ${progress.message}`}
          </p>
        </div>
      )}
    </section>
  );
}

function stepsOf(task: Task, clock: number): Step[] {
  const now = new Date(clock).toISOString();
  const { status, created_at, started_at, completed_at } = task;
  const hasRun = started_at !== null && task.attempt > 0;
  const waitingUntil = hasRun ? started_at : (completed_at ?? now);
  const since = task.run_at > created_at && task.run_at < waitingUntil ? task.run_at : created_at;
  const waited = spanText(Math.max(secondsBetween(since, waitingUntil), 0));
  const running = hasRun && status !== 'PENDING';
  return [
    { title: 'Submitted', look: 'done', icon: Inbox, text: shortInstantText(created_at, clock) },
    status === 'PENDING'
      ? { title: task.attempt > 0 ? 'Waiting for the next attempt' : 'Waiting', look: 'now', icon: Clock, text: waited }
      : { title: 'Waited', look: hasRun || status === 'CANCELLED' ? 'done' : 'ahead', icon: Clock, text: waited },
    {
      title: status === 'PROCESSING' ? 'Running' : 'Ran',
      look: status === 'PROCESSING' ? 'now' : running ? 'done' : status === 'CANCELLED' ? 'off' : 'ahead',
      icon: CircleDot,
      text: running ? spanText(Math.max(secondsBetween(started_at, completed_at ?? now), 0)) : null,
    },
    endOf(task, clock),
  ];
}

function endOf({ status, completed_at }: Task, clock: number): Step {
  const text = completed_at && shortInstantText(completed_at, clock);
  if (status === 'FAILED') return { title: statusWord(status), look: 'failed', icon: X, text };
  if (status === 'CANCELLED') return { title: statusWord(status), look: 'off', icon: Ban, text };
  return { title: 'Completed', look: status === 'COMPLETED' ? 'done' : 'ahead', icon: Check, text };
}
