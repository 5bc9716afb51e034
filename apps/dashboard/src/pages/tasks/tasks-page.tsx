import { useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useMay } from '../../api/session';
import { useTypes } from '../../api/use-types';
import type { ActionKind } from '../../api/service-types';
import { useKeys } from '../../shell/keys';
import { Page } from '../../shell/page';
import { Empty, Failed, Loading } from '../../ui/message';
import { ConfirmAction, type Chosen } from './acting';
import { QueryBar } from './query-bar';
import { parseQuery } from './query';
import { QuickFilters } from './quick-filters';
import { SelectionBar } from './selection-bar';
import { TaskTable } from './task-table';
import { useSelection } from './use-selection';
import { useTaskList } from './use-task-list';
import './tasks.css';

/** All tasks, live; the URL says which. */
export function TasksPage() {
  const [, go] = useLocation();
  const [params, setParams] = useSearchParams();
  const text = params.get('query') ?? '';
  const { query, mistakes } = useMemo(() => parseQuery(text, new Date()), [text]);
  const list = useTaskList(query);
  const tasks = list.tasks ?? [];
  const selection = useSelection(query);
  const [active, setActive] = useState<string | null>(null);
  const [acting, setActing] = useState<{ kind: ActionKind; chosen: Chosen } | null>(null);
  const mayAct = useMay('tasks:act');
  const types = useTypes().data ?? [];
  const tags = useMemo(() => [...new Set(list.tasks?.flatMap((task) => task.tags))].sort(), [list.tasks]);

  const setQuery = useCallback((query: string) => setParams(query === '' ? {} : { query }, { replace: true }), [setParams]);
  const { fetchNextPage } = list;
  const readMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const move = (step: number) => {
    const index = tasks.findIndex(({ task_id }) => task_id === active);
    setActive(tasks[Math.min(Math.max(index + step, 0), tasks.length - 1)]?.task_id ?? null);
  };
  const act = (kind: ActionKind) => {
    if (!mayAct) return;
    const ids = selection.ids.length > 0 ? selection.ids : active === null ? [] : [active];
    if (selection.all) setActing({ kind, chosen: { filter: query } });
    else if (ids.length > 0) setActing({ kind, chosen: { task_ids: ids } });
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => active !== null && go(`/tasks/${active}`),
    x: () => active !== null && mayAct && selection.toggle(active),
    r: () => act('retry'),
    c: () => act('cancel'),
    Escape: () => selection.clear(),
  });

  return (
    <Page title="Tasks" flush actions={<QuickFilters text={text} onChange={setQuery} />}>
      <div className="task-tools">
        <QueryBar
          text={text}
          types={types.map(({ type }) => type)}
          tags={tags}
          mistakes={mistakes}
          focus={params.has('focus')}
          onChange={setQuery}
        />
      </div>
      {list.error && !list.tasks ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.tasks ? (
        <Loading lines={12} />
      ) : tasks.length === 0 && !list.hasNextPage ? (
        <NoTasks filtered={text !== ''} />
      ) : (
        <TaskTable
          tasks={tasks}
          selection={selection.rows}
          onSelect={selection.select}
          active={active}
          hasMore={list.hasNextPage && !list.isFetchingNextPage}
          onMore={readMore}
          maySelect={mayAct}
        />
      )}
      {selection.ids.length > 0 && (
        <SelectionBar
          count={selection.ids.length}
          all={selection.all}
          mayTakeAll={list.hasNextPage || selection.ids.length < tasks.length}
          onAll={selection.takeAll}
          onAct={act}
          onClear={selection.clear}
        />
      )}
      {acting && (
        <ConfirmAction
          {...acting}
          onClose={(done) => {
            setActing(null);
            if (done) selection.clear();
          }}
        />
      )}
    </Page>
  );
}

function NoTasks({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title="No task matches">{<p>Take a word away, or look at all of them.</p>}</Empty>;
  return (
    <Empty title="No tasks yet">
      <p>
        Submit one over the API or <Link href="/new">make one here</Link>; it appears by itself.
      </p>
    </Empty>
  );
}
