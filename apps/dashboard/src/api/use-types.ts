import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { TaskType } from './types';

/** The types of tasks that there are. */
export function useTypes() {
  return useQuery({
    queryKey: ['types'],
    queryFn: async ({ signal }) => (await get<{ items: TaskType[] }>('/api/types', {}, signal)).items,
    staleTime: 5 * 60_000,
  });
}
