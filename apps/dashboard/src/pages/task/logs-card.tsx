import { useEffect, useRef } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { LogLine, Page, Task } from '../../api/types';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { instantText, preciseClockText } from '../../ui/time';
import { visibleText } from '../../ui/visible-text';

const ASK_MS = 2_000;
const PAGE_SIZE = 200;

/** What the handler said; the end stays in sight while it goes on. */
export function LogsCard({ task }: { task: Task }) {
  const runs = task.status === 'PROCESSING';
  const logs = useInfiniteQuery({
    queryKey: ['task', task.task_id, 'logs'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<LogLine>>(`/api/tasks/${task.task_id}/logs`, { page_size: PAGE_SIZE, page_token: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_page_token }) => next_page_token ?? undefined,
    refetchInterval: runs ? ASK_MS : false,
  });
  const box = useRef<HTMLDivElement>(null);
  const lines = logs.data?.pages.flatMap(({ items }) => items) ?? [];
  const count = lines.length;
  useEffect(() => {
    if (runs && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [runs, count]);
  if (count === 0) return null;
  return (
    <Card title="Logs" flush>
      <div ref={box} className="logs mono" tabIndex={0} role="log" aria-label="Logs">
        {lines.map(({ attempt, line, level, message, at }) => (
          <div key={`${attempt}.${line}`} className={`log-line ${level}`}>
            <time dateTime={at} title={instantText(at)} className="faint">
              {preciseClockText(at)}
            </time>
            <span className="log-level">{level}</span>
            <span className="log-text">{visibleText(message)}</span>
          </div>
        ))}
        {logs.hasNextPage && (
          <Button small disabled={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
            More lines
          </Button>
        )}
      </div>
    </Card>
  );
}
