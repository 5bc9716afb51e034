import { useEffect, useRef } from 'react';
import { flexRender, getCoreRowModel, useReactTable, type OnChangeFn, type RowSelectionState } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLocation } from 'wouter';
import type { Task } from '../../api/types';
import { COLUMNS } from './columns';

const ROW_PX = 40;
/** So near to the end, the next page is read. */
const AHEAD = 15;

export interface TableProps {
  tasks: Task[];
  selection: RowSelectionState;
  onSelect: OnChangeFn<RowSelectionState>;
  active: string | null;
  hasMore: boolean;
  onMore: () => void;
  maySelect: boolean;
}

/** The list; only the rows that can be seen are in the page. */
export function TaskTable({ tasks, selection, onSelect, active, hasMore, onMore, maySelect }: TableProps) {
  'use no memo';
  const [, go] = useLocation();
  const scroller = useRef<HTMLDivElement>(null);
  const table = useReactTable({
    data: tasks,
    columns: COLUMNS,
    getRowId: ({ task_id }) => task_id,
    getCoreRowModel: getCoreRowModel(),
    state: { rowSelection: selection, columnVisibility: { select: maySelect } },
    onRowSelectionChange: onSelect,
  });
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) onMore();
  }, [hasMore, last, rows.length, onMore]);
  const activeIndex = active === null ? -1 : rows.findIndex(({ id }) => id === active);
  useEffect(() => {
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex);
  }, [activeIndex, virtual]);

  return (
    <div ref={scroller} className="task-scroller" tabIndex={0} role="region" aria-label="Tasks">
      <div role="table" aria-label="Tasks" aria-rowcount={hasMore ? -1 : rows.length + 1} className="task-table">
        <div role="rowgroup" className="task-head">
          {table.getHeaderGroups().map((group) => (
            <div role="row" key={group.id} className="task-row">
              {group.headers.map((header) => (
                <div role="columnheader" key={header.id} className={`cell-${header.id}`}>
                  {flexRender(header.column.columnDef.header, header.getContext())}
                </div>
              ))}
            </div>
          ))}
        </div>
        <div role="rowgroup" className="task-rows" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const row = rows[index]!;
            return (
              <div
                role="row"
                key={row.id}
                aria-rowindex={index + 2}
                className={`task-row ${row.id === active ? 'active' : ''} ${row.getIsSelected() ? 'selected' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => go(`/tasks/${row.id}`)}
              >
                {row.getVisibleCells().map((cell) => (
                  <div role="cell" key={cell.id} className={`cell-${cell.column.id}`}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
