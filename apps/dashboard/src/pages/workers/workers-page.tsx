import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { get, send } from '../../api/client';
import { useMay } from '../../api/session';
import type { Worker } from '../../api/service-types';
import { Page } from '../../shell/page';
import { Ago } from '../../ui/ago';
import { Bar } from '../../ui/bar';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { Empty } from '../../ui/message';
import { StateBadge } from '../../ui/status';
import { useSay } from '../../ui/toasts';
import './workers.css';

const LOOKS = { alive: 'green', draining: 'amber', gone: '' } as const;
const ASK_MS = 2_000;
const MOST_RUNNING = 8;

/** Who runs the tasks. */
export default function WorkersPage() {
  const workers = useQuery({
    queryKey: ['workers'],
    queryFn: async ({ signal }) => (await get<{ items: Worker[] }>('/api/workers', {}, signal)).items,
    refetchInterval: ASK_MS,
  });
  return (
    <Page title="Workers">
      <Loaded query={workers}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No worker has shown itself">
              <p>Tasks wait until one does: npm run start:worker</p>
            </Empty>
          ) : (
            <ul className="worker-grid">
              {items.map((worker) => (
                <WorkerCard key={worker.worker_id} worker={worker} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function WorkerCard({ worker }: { worker: Worker }) {
  const { worker_id, host, pid, version, state, slots, busy, started_at, seen_at, running } = worker;
  return (
    <li className={`card stack worker ${state}`}>
      <div className="row spread">
        <h2 className="clip">
          {host}
          <span className="faint"> · {pid}</span>
        </h2>
        <StateBadge look={LOOKS[state]}>{state}</StateBadge>
      </div>
      <div className="stack tight">
        <p className="row spread small">
          <span className="muted">Slots</span>
          <span className="num">
            {busy} of {slots} busy
          </span>
        </p>
        <Bar share={slots === 0 ? 0 : busy / slots} label={`Busy slots of ${host}`} />
      </div>
      <dl className="facts small">
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Started</dt>
        <dd>
          <Ago at={started_at} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <Ago at={seen_at} />
        </dd>
      </dl>
      {running.length > 0 && (
        <ul className="stack tight small">
          {running.slice(0, MOST_RUNNING).map(({ task_id, type, since }) => (
            <li key={task_id} className="row spread">
              <Link href={`/tasks/${task_id}`} className="mono clip">
                {type}
              </Link>
              <span className="faint">
                <Ago at={since} />
              </span>
            </li>
          ))}
          {running.length > MOST_RUNNING && <li className="faint">and {running.length - MOST_RUNNING} more</li>}
        </ul>
      )}
      {state === 'alive' && <Drain id={worker_id} />}
    </li>
  );
}

function Drain({ id }: { id: string }) {
  const client = useQueryClient();
  const say = useSay();
  const mayAct = useMay('tasks:act');
  const drain = useMutation({
    mutationFn: () => send('POST', `/api/workers/${encodeURIComponent(id)}/drain`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workers'] }),
    onError: (error) => say(error.message),
  });
  if (!mayAct) return null;
  return (
    <div>
      <Button
        small
        disabled={drain.isPending}
        onClick={() => drain.mutate()}
        title="Finishes what it runs and takes nothing more"
      >
        Drain
      </Button>
    </div>
  );
}
