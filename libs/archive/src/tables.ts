/** What is archived, each kind in files of its own: rows of datasets, final tasks, and the tasks that delivered their callbacks. */
export const ARCHIVE_KINDS = ['records', 'tasks', 'deliveries'] as const;
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number];

/** `json` is text, kept to the letter: a reader that parses it decides itself what becomes of large numbers. */
export type ColumnType = 'text' | 'json' | 'int' | 'bigint' | 'instant';

export interface Column {
  name: string;
  type: ColumnType;
}

/** A value as it is archived: an instant is milliseconds since 1970. */
export type Cell = string | number | null;

/** One row: its key, and its cells in the order of the columns. */
export interface ArchiveRow {
  /** Unique within its kind: a task's id, or import and row of a record (`12/345`). */
  key: string;
  cells: Cell[];
}

const columns = (type: ColumnType, ...names: string[]): Column[] => names.map((name) => ({ name, type }));

/** The columns of `tasks` under their own names; of a final task, `lease_until` is always empty and `announce_at` only repeats when it ended. */
export const TASK_TABLE_COLUMNS: readonly Column[] = [
  ...columns('text', 'id', 'type', 'title', 'description', 'status', 'priority'),
  ...columns('json', 'payload', 'metadata', 'result', 'error', 'progress', 'tags'),
  ...columns('int', 'attempt', 'max_attempts', 'failures', 'crashes', 'timeout_seconds'),
  ...columns('int', 'retry_first_delay_seconds', 'retry_max_delay_seconds'),
  ...columns('text', 'worker_id', 'callback_url', 'callback_format', 'notify_email', 'retry_of', 'schedule_id', 'traceparent'),
  ...columns('instant', 'run_at', 'created_at', 'started_at', 'updated_at', 'completed_at'),
];

/** What belongs to a task, as lists of objects. */
const CHILDREN = columns('json', 'attempts', 'logs', 'callback_tries');

const TASKS = [...TASK_TABLE_COLUMNS, ...CHILDREN];

export const ARCHIVE_COLUMNS: Readonly<Record<ArchiveKind, readonly Column[]>> = {
  records: [
    ...columns('text', 'dataset'),
    ...columns('int', 'import_no'),
    ...columns('bigint', 'row_no'),
    ...columns('text', 'task_id', 'file_name'),
    ...columns('instant', 'imported_at'),
    ...columns('json', 'data'),
  ],
  tasks: TASKS,
  deliveries: TASKS,
};

/** The columns of the files that name the rows of a part. */
export const KEY_COLUMNS: readonly Column[] = [...columns('text', 'key', 'digest'), ...columns('int', 'size')];
