import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/client';
import { useSay } from '../../ui/toasts';

/** A list that admins keep: what is in it, and a way to change it. */
export function useAdminList<Item>(name: 'keys' | 'users') {
  const client = useQueryClient();
  const say = useSay();
  const list = useQuery({
    queryKey: [name],
    queryFn: async ({ signal }) => (await get<{ items: Item[] }>(`/api/${name}`, {}, signal)).items,
  });
  const change = useMutation({
    mutationFn: ({ method, id, body }: { method: 'PATCH' | 'DELETE'; id: string; body?: unknown }) =>
      send(method, `/api/${name}/${id}`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: [name] }),
    onError: (error) => say(error.message),
  });
  return { list, change };
}

/** Adds to such a list. */
export function useAdd<Made>(name: 'keys' | 'users', onMade: (made: Made) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => send<Made>('POST', `/api/${name}`, body),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: [name] });
      onMade(made);
    },
  });
}
