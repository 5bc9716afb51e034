import { useEffect, useMemo } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Page, Task } from '../../api/types';
import { useInterval } from '../../live/live';
import { withHead, type Held } from './head';
import type { TaskQuery } from './query';

const PAGE_SIZE = 50;
const HEAD_MS = 2_000;

/** The tasks of a query, newest first: read page by page, its head kept fresh. */
export function useTaskList(query: TaskQuery) {
  const client = useQueryClient();
  const read = (token: string | undefined, signal: AbortSignal) =>
    get<Page<Task>>('/api/tasks', { ...query, page_size: PAGE_SIZE, page_token: token }, signal);
  const list = useInfiniteQuery({
    queryKey: ['tasks', 'list', query],
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_page_token }) => next_page_token ?? undefined,
    staleTime: Infinity,
  });
  const head = useQuery({
    queryKey: ['tasks', 'head', query],
    queryFn: ({ signal }) => read(undefined, signal),
    enabled: list.isSuccess,
    refetchInterval: useInterval(HEAD_MS),
    staleTime: HEAD_MS,
  });
  const newest = head.data;
  useEffect(() => {
    if (!newest) return;
    client.setQueryData<Held>(['tasks', 'list', query], (held) => held && withHead(held, newest));
  }, [client, newest, query]);

  const pages = list.data?.pages;
  const tasks = useMemo(() => {
    const wanted = query.status?.split(',');
    const all = pages?.flatMap(({ items }) => items);
    return wanted ? all?.filter(({ status }) => wanted.includes(status)) : all;
  }, [pages, query.status]);
  return { ...list, tasks };
}
