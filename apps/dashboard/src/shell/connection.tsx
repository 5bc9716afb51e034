import { useQuery } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { get } from '../api/client';
import { useLiveState } from '../live/live';

const ASK_MS = 3_000;

/** Says when the server does not answer, and when it does again. */
export function Connection() {
  const live = useLiveState();
  const probe = useQuery({
    queryKey: ['livez'],
    queryFn: ({ signal }) => get('/livez', {}, signal),
    enabled: live === 'waiting',
    refetchInterval: live === 'waiting' ? ASK_MS : false,
    retry: false,
  });
  if (live !== 'waiting' || !probe.error) return null;
  return (
    <p className="banner offline" role="alert">
      <WifiOff aria-hidden />
      No connection to the server. What you see may be old; the page comes back by itself.
    </p>
  );
}
