import { TASK_TABLE_COLUMNS, type ArchiveKind, type ArchiveRow, type Cell } from '@app/archive';
import { CALLBACK_TYPE, FINAL_STATUSES, type DeliveryPayload } from '@app/tasks';
import type { Condition } from '../list-query.js';

type Row = Record<string, unknown>;

const NAMES = TASK_TABLE_COLUMNS.map(({ name }) => name);

const CHILDREN = {
  attempts: {
    table: 'task_attempts',
    task: 'task_id',
    columns: ['attempt', 'worker_id', 'started_at', 'ended_at', 'error'],
    order: 'attempt',
  },
  logs: { table: 'task_logs', task: 'task_id', columns: ['attempt', 'line', 'level', 'message', 'at'], order: 'attempt, line' },
  callback_tries: {
    table: 'callback_tries',
    task: 'delivery_id',
    columns: ['attempt', 'at', 'duration_ms', 'status', 'answer', 'error'],
    order: 'attempt',
  },
} as const;
type Child = keyof typeof CHILDREN;
/** In the order of their cells, which come after those of the task. */
const CHILD_NAMES = Object.keys(CHILDREN) as Child[];
const INSTANTS = new Set<string>(['started_at', 'ended_at', 'at']);

/** Reads final tasks whole; the rows go to {@link toTaskRows} in the same order. */
export function taskSelects(isIn: (column: string) => Condition, lock = ''): Condition[] {
  const select = (columns: readonly string[], table: string, { sql, params }: Condition, rest: string) => ({
    sql: `SELECT ${columns.join(', ')} FROM ${table} WHERE ${sql} ${rest}`,
    params,
  });
  return [
    select(NAMES, 'tasks', isIn('id'), `AND ${IS_FINAL} ORDER BY id ${lock}`),
    ...CHILD_NAMES.map((name) => {
      const { table, task, columns, order } = CHILDREN[name];
      return select([`${task} AS task`, ...columns], table, isIn(task), `ORDER BY ${task}, ${order}`);
    }),
  ];
}

export function toTaskRows([tasks, ...children]: readonly (readonly Row[])[]): ArchiveRow[] {
  const lists = children.map((rows, index) => byTask(rows, CHILDREN[CHILD_NAMES[index]!].columns));
  return tasks!.map((task) => ({
    key: task['id'] as string,
    cells: [
      ...NAMES.map((name) => toCell(task[name])),
      ...lists.map((list) => JSON.stringify(list.get(task['id'] as string) ?? [])),
    ],
  }));
}

/** What is to be inserted so that archived tasks are as they were: one list of values for every row. */
export function taskInserts(rows: readonly Pick<ArchiveRow, 'cells'>[], instant: (ms: number) => unknown) {
  const at = (name: string) => NAMES.indexOf(name);
  const value = (cell: Cell, isInstant: boolean) => (isInstant && cell !== null ? instant(Number(cell)) : cell);
  const tasks = rows.map(({ cells }) => [
    ...TASK_TABLE_COLUMNS.map(({ type }, index) => value(cells[index]!, type === 'instant')),
    // By this column, ended tasks are found by the time of their end.
    value(cells[at('completed_at')]!, true),
  ]);
  const inserts = [{ table: 'tasks', columns: [...NAMES, 'announce_at'], values: tasks }];
  for (const [index, name] of CHILD_NAMES.entries()) {
    const { table, task, columns } = CHILDREN[name];
    const values = rows.flatMap(({ cells }) =>
      (JSON.parse(cells[NAMES.length + index] as string) as Record<string, Cell>[]).map((child) => [
        cells[at('id')]!,
        ...columns.map((column) =>
          value(INSTANTS.has(column) ? toMs(child[column] as string | null) : child[column]!, INSTANTS.has(column)),
        ),
      ]),
    );
    inserts.push({ table, columns: [task, ...columns], values });
  }
  const links = linksOf(rows);
  inserts.push({ table: 'task_tags', columns: ['tag', 'task_id'], values: links.tags });
  inserts.push({ table: 'schedule_tasks', columns: ['schedule_id', 'task_id'], values: links.schedules });
  return inserts.filter(({ values }) => values.length > 0);
}

/** The rows that lead to tasks from their tags and schedules. */
export function linksOf(rows: readonly Pick<ArchiveRow, 'cells'>[]): { tags: [string, string][]; schedules: [string, string][] } {
  const [id, tags, schedule] = ['id', 'tags', 'schedule_id'].map((name) => NAMES.indexOf(name)) as [number, number, number];
  return {
    tags: rows.flatMap(({ cells }) =>
      [...new Set(JSON.parse(cells[tags] as string) as string[])].map((tag): [string, string] => [tag, cells[id] as string]),
    ),
    schedules: rows.flatMap(({ cells }) =>
      cells[schedule] === null ? [] : [[cells[schedule] as string, cells[id] as string] satisfies [string, string]],
    ),
  };
}

/** The task whose end a delivery tells. */
export function parentOf({ cells }: Pick<ArchiveRow, 'cells'>): string {
  return (JSON.parse(cells[NAMES.indexOf('payload')] as string) as DeliveryPayload).task_id;
}

export const IS_FINAL = `status IN (${FINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** Which tasks are of a kind. */
export function isOfKind(kind: Exclude<ArchiveKind, 'records'>): string {
  return `${IS_FINAL} AND type ${kind === 'deliveries' ? '=' : '<>'} '${CALLBACK_TYPE}'`;
}

/** The tables that belong to tasks, with the columns that name the task. */
export const CHILD_TABLES = CHILD_NAMES.map((name) => CHILDREN[name]);

function byTask(rows: readonly Row[], columns: readonly string[]): Map<string, Row[]> {
  const lists = new Map<string, Row[]>();
  for (const row of rows) {
    const child = Object.fromEntries(columns.map((name) => [name, INSTANTS.has(name) ? toText(row[name]) : row[name]]));
    const list = lists.get(row['task'] as string);
    if (list) list.push(child);
    else lists.set(row['task'] as string, [child]);
  }
  return lists;
}

function toCell(value: unknown): Cell {
  return value instanceof Date ? value.getTime() : (value as Cell);
}

/** Within JSON, an instant is text, for whoever reads the archive without Taskwell. */
function toText(value: unknown): string | null {
  return value === null ? null : new Date(value as Date | number).toISOString();
}

function toMs(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
