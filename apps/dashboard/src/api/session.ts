import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Scope, Session } from './service-types';

/** Who is here, and what they may do. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => get<Session>('/api/session', {}, signal),
    staleTime: 60_000,
  });
}

/** Whether buttons of this kind make sense. The API decides anyway. */
export function useMay(scope: Scope): boolean {
  const scopes = useSession().data?.scopes ?? [];
  return scopes.includes(scope) || scopes.includes('admin');
}
