import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { get } from '../api/client';
import type { Action } from '../api/service-types';
import { Bar } from '../ui/bar';
import { IconButton } from '../ui/button';
import { countText, plural } from '../ui/numbers';

interface Tracked {
  ids: readonly string[];
  track: (id: string) => void;
  forget: (id: string) => void;
}

const KEY = 'taskwell.actions';
const ASK_MS = 500;
const SHOWN_AFTER_MS = 8_000;
const Context = createContext<Tracked>({ ids: [], track: () => {}, forget: () => {} });

/** Remembers the background actions that this tab began, also over a reload. */
export function Actions({ children }: { children: ReactNode }) {
  const [ids, setIds] = useState<readonly string[]>(() => JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[]);
  useEffect(() => sessionStorage.setItem(KEY, JSON.stringify(ids)), [ids]);
  const track = useCallback((id: string) => setIds((known) => [...known, id]), []);
  const forget = useCallback((id: string) => setIds((known) => known.filter((one) => one !== id)), []);
  return <Context value={{ ids, track, forget }}>{children}</Context>;
}

export function useTrack(): (id: string) => void {
  return useContext(Context).track;
}

/** How far each of them is. */
export function RunningActions() {
  const { ids, forget } = useContext(Context);
  return ids.map((id) => <RunningAction key={id} id={id} onForget={() => forget(id)} />);
}

function RunningAction({ id, onForget }: { id: string; onForget: () => void }) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['action', id],
    queryFn: ({ signal }) => get<Action>(`/api/actions/${id}`, {}, signal),
    refetchInterval: (query) => (query.state.data?.status === 'DONE' ? false : ASK_MS),
  });
  const isOver = data?.status === 'DONE' || error !== null;
  useEffect(() => {
    if (!isOver) return;
    void client.invalidateQueries({ queryKey: ['tasks'] });
    const timer = setTimeout(onForget, SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it is over
  }, [isOver]);
  if (!data) return null;
  const verb = data.action === 'retry' ? ['Retrying', 'Retried'] : ['Cancelling', 'Cancelled'];
  const settled = data.done + data.failed;
  return (
    <div className="toast" role="status">
      <div className="row spread">
        <strong>{isOver ? `${verb[1]} ${plural(data.done, 'task')}` : `${verb[0]} ${plural(data.total, 'task')}…`}</strong>
        <IconButton small look="quiet" label="Dismiss" onClick={onForget}>
          <X aria-hidden />
        </IconButton>
      </div>
      <Bar share={data.total === 0 ? 1 : settled / data.total} label="Progress of the action" look={isOver ? 'done' : ''} />
      <p className="muted small num">
        {countText(settled)} of {countText(data.total)}
        {data.failed > 0 && `, ${countText(data.failed)} not possible`}
      </p>
    </div>
  );
}
