import { useQuery } from '@tanstack/react-query';
import { Refused, get } from './client';
import type { Scope, Session } from './service-types';

/** Who is here, and what they may do. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => get<Session>('/api/session', {}, signal).catch(withoutDoors),
    staleTime: 60_000,
  });
}

/** Whether buttons of this kind make sense. The API decides anyway. */
export function useMay(scope: Scope): boolean {
  const scopes = useSession().data?.scopes ?? [];
  return scopes.includes(scope) || scopes.includes('admin');
}

/** A server without doors lets everybody do everything. */
function withoutDoors(error: unknown): Session {
  if (!(error instanceof Refused) || error.status !== 404) throw error;
  return {
    mode: 'open',
    setup_needed: false,
    user: null,
    scopes: ['tasks:submit', 'tasks:read', 'tasks:act', 'admin'],
    banner: null,
  };
}
