import { useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { send } from '../../api/client';
import type { ActionKind } from '../../api/service-types';
import { useTrack } from '../../shell/actions';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Failed } from '../../ui/message';
import { plural } from '../../ui/numbers';
import type { TaskQuery } from './query';

/** Which tasks an action is about: some, or all that match. */
export type Chosen = { task_ids: string[] } | { filter: TaskQuery };

const WORDS: Record<ActionKind, { verb: string; what: string }> = {
  retry: { verb: 'Retry', what: 'Each one that has ended is submitted again as a new task. The old ones stay as they are.' },
  cancel: { verb: 'Cancel', what: 'Those that wait or run are called off. That cannot be undone.' },
};

/** Says how many tasks an action touches, and begins it once confirmed. */
export function ConfirmAction({ kind, chosen, onClose }: { kind: ActionKind; chosen: Chosen; onClose: (done: boolean) => void }) {
  const track = useTrack();
  const { verb, what } = WORDS[kind];
  const [key] = useState(() => Date.now());
  const count = useQuery({
    queryKey: ['actions', 'count', kind, chosen, key],
    queryFn: () => send<{ count: number; exact?: boolean }>('POST', '/api/actions', { action: kind, ...chosen, dry_run: true }),
  });
  const begin = useMutation({
    mutationFn: () => send<{ action_id: string }>('POST', '/api/actions', { action: kind, ...chosen }),
    onSuccess: ({ action_id }) => {
      track(action_id);
      onClose(true);
    },
  });
  const error = count.error ?? begin.error;
  const known = count.data?.count;
  const tasks = known === undefined ? '' : `${count.data?.exact === false ? 'at least ' : ''}${plural(known, 'task')}`;
  return (
    <Dialog title={known === undefined ? `${verb} tasks` : `${verb} ${tasks}?`} onClose={() => onClose(false)}>
      {error ? <Failed error={error} /> : <p className="muted">{known === 0 ? 'None of them can be acted on.' : what}</p>}
      <div className="dialog-foot">
        <Button onClick={() => onClose(false)}>Not now</Button>
        <Button
          look={kind === 'cancel' ? 'danger' : 'primary'}
          disabled={!known || begin.isPending}
          autoFocus
          onClick={() => begin.mutate()}
        >
          {known === undefined ? 'Counting…' : `${verb} ${tasks}`}
        </Button>
      </div>
    </Dialog>
  );
}
