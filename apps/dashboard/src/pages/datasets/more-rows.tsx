import type { ReactNode } from 'react';
import { Button } from '../../ui/button';
import { Empty, Failed, Loading } from '../../ui/message';
import type { useRows } from './use-rows';

/** What was read of a list, and a button for more of it. */
export function MoreRows<Row>({
  list,
  none,
  children,
}: {
  list: ReturnType<typeof useRows<Row>>;
  none: string;
  children: (rows: Row[]) => ReactNode;
}) {
  const { rows, error } = list;
  if (!rows) return error ? <Failed error={error} onRetry={() => void list.refetch()} /> : <Loading />;
  if (rows.length === 0 && !list.hasNextPage) return <Empty title={none} />;
  return (
    <div className="card">
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Rows">
        {children(rows)}
      </div>
      {list.hasNextPage && (
        <div className="card-body">
          <Button small disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More rows
          </Button>
        </div>
      )}
    </div>
  );
}
