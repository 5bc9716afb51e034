import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { Link } from 'wouter';
import { get, send } from '../../api/client';
import { useMay } from '../../api/session';
import type { Queue } from '../../api/service-types';
import { Page } from '../../shell/page';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { Empty } from '../../ui/message';
import { countText } from '../../ui/numbers';
import { StateBadge } from '../../ui/status';
import { spanText } from '../../ui/time';
import { useSay } from '../../ui/toasts';

const ASK_MS = 2_000;

/** What waits, by type; each type can be paused. */
export default function QueuesPage() {
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: async ({ signal }) => (await get<{ items: Queue[] }>('/api/queues', {}, signal)).items,
    refetchInterval: ASK_MS,
  });
  return (
    <Page title="Queues">
      <Loaded query={queues}>
        {(items) => (items.length === 0 ? <Empty title="Nothing waits" /> : <QueueTable queues={items} />)}
      </Loaded>
    </Page>
  );
}

function QueueTable({ queues }: { queues: Queue[] }) {
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label="Queues">
      <table className="list-table">
        <thead>
          <tr>
            <th>Type</th>
            <th>State</th>
            <th className="right">Ready</th>
            <th className="right">Scheduled</th>
            <th className="right">Running</th>
            <th className="right">Oldest ready</th>
            <th>
              <span className="hidden-text">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.type}>
              <td>
                <Link href={`/tasks?query=${encodeURIComponent(`type:${queue.type} status:PENDING`)}`} className="mono">
                  {queue.type}
                </Link>
              </td>
              <td>{queue.paused ? <StateBadge look="amber">Paused</StateBadge> : <StateBadge look="green">Open</StateBadge>}</td>
              <td className="right num">{countText(queue.ready)}</td>
              <td className="right num muted">{countText(queue.scheduled)}</td>
              <td className="right num">{countText(queue.processing)}</td>
              <td className="right num muted">
                {queue.oldest_ready_seconds === null ? '–' : spanText(queue.oldest_ready_seconds)}
              </td>
              <td className="right">
                <Toggle queue={queue} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Toggle({ queue: { type, paused } }: { queue: Queue }) {
  const client = useQueryClient();
  const say = useSay();
  const mayAct = useMay('tasks:act');
  const toggle = useMutation({
    mutationFn: () => send('POST', `/api/queues/${encodeURIComponent(type)}/${paused ? 'resume' : 'pause'}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['queues'] }),
    onError: (error) => say(error.message),
  });
  if (!mayAct) return null;
  return (
    <Button small disabled={toggle.isPending} onClick={() => toggle.mutate()}>
      {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}
