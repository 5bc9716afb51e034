import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, Copy, RotateCcw } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { send } from '../../api/client';
import { useMay } from '../../api/session';
import type { Accepted, Task } from '../../api/types';
import { useKeys } from '../../shell/keys';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { isFinal } from '../../ui/status';
import { useSay } from '../../ui/toasts';

/** What can be done with a task. */
export function TaskActions({ task }: { task: Task }) {
  const { task_id, status } = task;
  const client = useQueryClient();
  const say = useSay();
  const [, go] = useLocation();
  const [mayAct, maySubmit] = [useMay('tasks:act'), useMay('tasks:submit')];
  const [confirming, setConfirming] = useState(false);
  const complain = (error: Error) => say(error.message);
  const retry = useMutation({
    mutationFn: () => send<Accepted>('POST', `/api/tasks/${task_id}/retry`),
    onSuccess: (accepted) => {
      say('Submitted again as a new task.', { href: `/tasks/${task_id}`, text: 'The old one' });
      go(`/tasks/${accepted.task_id}`);
    },
    onError: complain,
  });
  const cancel = useMutation({
    mutationFn: () => send<Task>('POST', `/api/tasks/${task_id}/cancel`),
    onSuccess: (cancelled) => client.setQueryData(['task', task_id], cancelled),
    onError: complain,
    onSettled: () => setConfirming(false),
  });
  const [mayRetry, mayCancel] = [mayAct && isFinal(status), mayAct && !isFinal(status)];
  useKeys({
    r: () => mayRetry && !retry.isPending && retry.mutate(),
    c: () => mayCancel && setConfirming(true),
    d: () => maySubmit && go(`/new?from=${task_id}`),
  });
  return (
    <>
      {maySubmit && (
        <Link href={`/new?from=${task_id}`} className="button">
          <Copy aria-hidden />
          Duplicate and edit
        </Link>
      )}
      {mayCancel && (
        <Button onClick={() => setConfirming(true)}>
          <Ban aria-hidden />
          Cancel
        </Button>
      )}
      {mayRetry && (
        <Button look="primary" disabled={retry.isPending} onClick={() => retry.mutate()}>
          <RotateCcw aria-hidden />
          Retry
        </Button>
      )}
      {confirming && (
        <Dialog title="Cancel this task?" onClose={() => setConfirming(false)}>
          <p className="muted">
            {status === 'PROCESSING' ? 'It runs: its handler is told to stop.' : 'It will not run.'} That cannot be undone.
          </p>
          <div className="dialog-foot">
            <Button onClick={() => setConfirming(false)}>Not now</Button>
            <Button look="danger" autoFocus disabled={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel the task
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
