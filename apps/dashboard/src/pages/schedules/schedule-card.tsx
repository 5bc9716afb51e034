import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pause, Play, Trash2, Zap } from 'lucide-react';
import { Link } from 'wouter';
import { send } from '../../api/client';
import { useMay } from '../../api/session';
import type { Accepted, Schedule } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { StateBadge } from '../../ui/status';
import { instantText } from '../../ui/time';
import { useSay } from '../../ui/toasts';
import { nextTicks } from './ticks';

const TICKS = 5;
const LOOKS = { ACTIVE: 'green', PAUSED: 'amber', ENDED: '' } as const;

/** One schedule: when it ticks, what it makes, and what can be done with it. */
export function ScheduleCard({ schedule }: { schedule: Schedule }) {
  const { schedule_id, title, cron, time_zone, status, next_at, last_at, last_task_id, task, waiting } = schedule;
  const isActive = status === 'ACTIVE';
  return (
    <section className="card schedule" aria-label={title}>
      <div className="stack tight grow">
        <div className="row wrap">
          <h2>{title}</h2>
          <StateBadge look={LOOKS[status]}>{status.toLowerCase()}</StateBadge>
          <span className="tag mono">{task.type ?? 'plain'}</span>
        </div>
        <p className="row wrap muted">
          <code className="cron">{cron}</code>
          <span>{time_zone}</span>
          {waiting > 0 && <span>· {waiting} waiting</span>}
        </p>
        <p className="faint small">
          {next_at !== null && isActive && (
            <>
              Next <Ago at={next_at} /> ·{' '}
            </>
          )}
          {last_at === null ? (
            'Has not ticked yet'
          ) : (
            <>
              Last <Ago at={last_at} />
            </>
          )}
          {last_task_id !== null && (
            <>
              {' · '}
              <Link href={`/tasks/${last_task_id}`}>its task</Link>
            </>
          )}
          {' · '}
          <Link href={`/tasks?query=schedule:${schedule_id}`}>all its tasks</Link>
        </p>
        {isActive && <Ticks cron={cron} timeZone={time_zone} />}
      </div>
      <ScheduleActions schedule={schedule} />
    </section>
  );
}

function Ticks({ cron, timeZone }: { cron: string; timeZone: string }) {
  const ticks = nextTicks(cron, timeZone, TICKS);
  if ('mistake' in ticks) return null;
  return (
    <details className="ticks small">
      <summary>Next ticks</summary>
      <ol className="num muted">
        {ticks.at.map((at) => (
          <li key={at}>{instantText(at)}</li>
        ))}
      </ol>
    </details>
  );
}

function ScheduleActions({ schedule: { schedule_id, status, title } }: { schedule: Schedule }) {
  const client = useQueryClient();
  const say = useSay();
  const mayAct = useMay('tasks:act');
  const [removing, setRemoving] = useState(false);
  const path = `/api/schedules/${schedule_id}`;
  const done = () => client.invalidateQueries({ queryKey: ['schedules'] });
  const act = useMutation({
    mutationFn: (what: 'pause' | 'resume') => send('POST', `${path}/${what}`),
    onSuccess: done,
    onError: (error) => say(error.message),
  });
  const run = useMutation({
    mutationFn: () => send<Accepted>('POST', `${path}/run`),
    onSuccess: ({ task_id }) => {
      say('It runs once, now.', { href: `/tasks/${task_id}`, text: 'Open task' });
      void done();
    },
    onError: (error) => say(error.message),
  });
  const remove = useMutation({
    mutationFn: () => send('DELETE', path),
    onSuccess: done,
    onError: (error) => say(error.message),
    onSettled: () => setRemoving(false),
  });
  if (!mayAct) return null;
  return (
    <div className="row">
      <Button small disabled={run.isPending} onClick={() => run.mutate()}>
        <Zap aria-hidden />
        Run now
      </Button>
      {status === 'PAUSED' ? (
        <Button small onClick={() => act.mutate('resume')}>
          <Play aria-hidden />
          Resume
        </Button>
      ) : (
        status === 'ACTIVE' && (
          <Button small onClick={() => act.mutate('pause')}>
            <Pause aria-hidden />
            Pause
          </Button>
        )
      )}
      <IconButton small look="quiet" label={`Remove ${title}`} onClick={() => setRemoving(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      {removing && (
        <Dialog title={`Remove ${title}?`} onClose={() => setRemoving(false)}>
          <p className="muted">It makes no more tasks. Those that it made stay.</p>
          <div className="dialog-foot">
            <Button onClick={() => setRemoving(false)}>Not now</Button>
            <Button look="danger" autoFocus onClick={() => remove.mutate()}>
              Remove
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
