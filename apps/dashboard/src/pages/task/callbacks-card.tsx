import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { get, send } from '../../api/client';
import { useMay } from '../../api/session';
import type { Callback, Task } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loaded';
import { StateBadge, isFinal } from '../../ui/status';
import { useSay } from '../../ui/toasts';

const LOOKS = { waiting: 'amber', delivering: 'blue', delivered: 'green', failed: 'red', called_off: '' } as const;
const ASK_MS = 2_000;

/** What became of the callback: every try, and once more on demand. */
export function CallbacksCard({ task }: { task: Task }) {
  const client = useQueryClient();
  const say = useSay();
  const mayAct = useMay('tasks:act');
  const queryKey = ['task', task.task_id, 'callbacks'];
  const callbacks = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<{ items: Callback[] }>(`/api/tasks/${task.task_id}/callbacks`, {}, signal),
    refetchInterval: ASK_MS,
  });
  const redeliver = useMutation({
    mutationFn: () => send('POST', `/api/tasks/${task.task_id}/callbacks/redeliver`),
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError: (error) => say(error.message),
  });
  const actions = mayAct && isFinal(task.status) && (
    <Button small disabled={redeliver.isPending} onClick={() => redeliver.mutate()}>
      <RotateCw aria-hidden />
      Deliver again
    </Button>
  );
  return (
    <Card title="Callbacks" actions={actions}>
      <Loaded query={callbacks} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">Called once the task has ended: {task.callback_url}</p>
          ) : (
            <ul className="stack loose">
              {items.map((item) => (
                <Delivery key={item.delivery_id} callback={item} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function Delivery({ callback }: { callback: Callback }) {
  return (
    <li className="stack">
      <div className="row wrap">
        <StateBadge look={LOOKS[callback.state]}>{callback.state.replace('_', ' ')}</StateBadge>
        <span className="mono clip grow">{callback.url}</span>
        {callback.next_try_at !== null && (
          <span className="faint small">
            next try <Ago at={callback.next_try_at} />
          </span>
        )}
      </div>
      {callback.tries.length > 0 && (
        <ol className="timeline">
          {callback.tries.map(({ at, status, error, answer, duration_ms }) => (
            <li key={at} className={`event ${status !== null && status < 300 ? 'green' : 'red'}`}>
              <p className="row spread">
                <span>{status ?? error ?? 'no answer'}</span>
                <span className="faint small">
                  {duration_ms} ms · <Ago at={at} />
                </span>
              </p>
              {answer !== null && answer !== '' && <pre className="muted task-error">{answer}</pre>}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
