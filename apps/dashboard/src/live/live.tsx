import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { atMostEvery } from './at-most-every';
import { applyEvents } from './apply-events';
import { Feed, type FeedState } from './feed';

/** A burst of events that were left out asks for everything anew, but not again and again. */
const REFRESH_MS = 3_000;

const State = createContext<FeedState>('connecting');

/** Keeps what the pages hold up to date by the live events of all tasks. */
export function Live({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<FeedState>('connecting');
  useEffect(() => {
    const refresh = atMostEvery(REFRESH_MS, () => void client.invalidateQueries());
    const feed = new Feed('/api/events', {
      onBatch: (events) => applyEvents(client, events),
      onGap: refresh.soon,
      onState: setState,
    });
    return () => {
      feed.close();
      refresh.stop();
    };
  }, [client]);
  return <State value={state}>{children}</State>;
}

export function useLiveState(): FeedState {
  return useContext(State);
}

/** How often to ask while events come, and while none do. */
export function useInterval(liveMs: number, pollingMs = Math.min(liveMs, 3_000)): number {
  return useLiveState() === 'live' ? liveMs : pollingMs;
}
