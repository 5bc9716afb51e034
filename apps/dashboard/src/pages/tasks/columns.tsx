import { createColumnHelper } from '@tanstack/react-table';
import { Link } from 'wouter';
import type { Task } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Bar } from '../../ui/bar';
import { useNow } from '../../ui/clock';
import { StatusBadge } from '../../ui/status';
import { secondsBetween, spanText } from '../../ui/time';

const column = createColumnHelper<Task>();

export const COLUMNS = [
  column.display({
    id: 'select',
    header: ({ table }) => (
      <input
        type="checkbox"
        className="check"
        aria-label="Select all that are loaded"
        checked={table.getIsAllRowsSelected()}
        ref={(box) => {
          if (box) box.indeterminate = table.getIsSomeRowsSelected();
        }}
        onChange={table.getToggleAllRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <input
        type="checkbox"
        className="check"
        aria-label={`Select ${row.original.title}`}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
        onClick={(event) => event.stopPropagation()}
      />
    ),
  }),
  column.accessor('status', { header: 'Status', cell: ({ getValue }) => <StatusBadge status={getValue()} /> }),
  column.accessor('title', { header: 'Task', cell: ({ row }) => <Title task={row.original} /> }),
  column.accessor('type', { header: 'Type', cell: ({ getValue }) => <span className="mono clip">{getValue()}</span> }),
  column.accessor('tags', {
    header: 'Tags',
    cell: ({ getValue }) => (
      <span className="row tags">
        {getValue().map((tag) => (
          <span key={tag} className="tag clip">
            {tag}
          </span>
        ))}
      </span>
    ),
  }),
  column.accessor('attempt', {
    header: 'Attempt',
    cell: ({ row }) => (
      <span className="num muted">
        {row.original.attempt} / {row.original.max_attempts}
      </span>
    ),
  }),
  column.display({ id: 'took', header: 'Took', cell: ({ row }) => <Took task={row.original} /> }),
  column.accessor('created_at', {
    header: 'Submitted',
    cell: ({ getValue }) => (
      <span className="muted">
        <Ago at={getValue()} />
      </span>
    ),
  }),
];

function Title({ task }: { task: Task }) {
  const { progress, status, error } = task;
  return (
    <span className="title-cell">
      <Link href={`/tasks/${task.task_id}`} className="clip title-link">
        {task.title}
      </Link>
      {status === 'FAILED' && error && <span className="clip faint">{error.message}</span>}
      {status === 'PROCESSING' && progress?.total ? (
        <span className="title-bar">
          <Bar share={progress.current / progress.total} label="Progress" />
        </span>
      ) : null}
    </span>
  );
}

function Took({ task }: { task: Task }) {
  const now = useNow();
  if (task.started_at === null || task.status === 'PENDING') return <span className="faint">–</span>;
  const end = task.completed_at ?? new Date(now).toISOString();
  return <span className="num muted nowrap">{spanText(Math.max(secondsBetween(task.started_at, end), 0))}</span>;
}
