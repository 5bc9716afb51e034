import { useInfiniteQuery } from '@tanstack/react-query';
import { get, type Query } from '../../api/client';
import type { Page } from '../../api/types';

const PAGE_SIZE = 100;

/** Rows, page by page. */
export function useRows<Row>(path: string, query: Query = {}) {
  const list = useInfiniteQuery({
    queryKey: ['rows', path, query],
    queryFn: ({ pageParam, signal }) => get<Page<Row>>(path, { ...query, page_size: PAGE_SIZE, page_token: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_page_token }) => next_page_token ?? undefined,
  });
  return { ...list, rows: list.data?.pages.flatMap(({ items }) => items) };
}
