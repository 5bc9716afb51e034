import { STATUSES, type Task, type TaskFilter, type TaskPage } from '@app/tasks';
import { TASK_BYTES, TASK_COLUMNS, toTask, type TaskRow } from './task-row.js';

/** How many rows one page may look at when the filter has parts that no index answers. */
const MOST_LOOKED_AT = 20_000;
/** How many it looks at first. */
const FEW_LOOKED_AT = 500;

/** How much text one page may hold: payloads and results can be large, and a page is built in memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Ids carry the submitter's clock, `created_at` the database's: this far they may be apart. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What MySQL and SQLite say differently. */
export interface ListDialect {
  /** Makes a table be read by this index and no other. */
  useIndex(name: 'PRIMARY' | 'tasks_status' | 'tasks_type'): string;
  /** A join that reads the left side first. */
  readonly orderedJoin: string;
  instant(at: Date): unknown;
  /** A condition that holds at least for the rows in which one of the {@link SEARCHED} columns contains `q` in any case. */
  contains(q: string): Condition;
  /** Decides for a row that met {@link contains}; absent if that was exact. */
  reallyContains?(task: Task, q: string): boolean;
}

/** The columns that are searched for a text: as it is, or as it stands in JSON. */
export const SEARCHED = { text: ['title', 'description'], json: ['payload', 'result', 'error'] } as const;

/** How a text stands in JSON, without the quotes around it. */
export function withinJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A piece of SQL with the values of its question marks. */
export interface Condition {
  sql: string;
  params: unknown[];
}

/** Runs one statement and answers its rows. */
export type Rows = <R>(sql: string, params: unknown[]) => Promise<R[]>;

/** A stretch of an index that holds candidates in the order of their ids. */
interface Range {
  from: string;
  id: string;
  where: Condition[];
}

/**
 * Reads one page, newest first, by ranges of an index. What no index answers (text, creation times, a tag's status) is
 * checked row by row, but on a bounded number of rows: the page then ends early and says where to go on.
 */
export async function listTasks(
  rows: Rows,
  dialect: ListDialect,
  filter: TaskFilter,
  page: { size: number; before?: string },
): Promise<TaskPage> {
  const ranges = rangesOf(filter, dialect);
  if (ranges.length === 0) return { tasks: [], next: null };
  const { sized, lastLookedAt } = await candidates(rows, dialect, { ranges, filter, page });
  const ids = fitting(sized, page.size);
  if (ids.length === 0) return { tasks: [], next: lastLookedAt };
  const read = await rows<TaskRow>(
    `SELECT ${TASK_COLUMNS} FROM tasks WHERE id IN (${ids.map(() => '?').join(', ')}) ORDER BY id DESC`,
    ids,
  );
  const tasks = read.map(toTask);
  return {
    tasks: tasks.filter((task) => filter.q === undefined || (dialect.reallyContains?.(task, filter.q) ?? true)),
    next: sized.length > ids.length ? ids.at(-1)! : lastLookedAt,
  };
}

interface Search {
  ranges: readonly Range[];
  filter: TaskFilter;
  page: { size: number; before?: string };
}

/**
 * The newest rows that meet everything, one more than the page holds, and the id at which the search ended early. Few rows are looked at
 * first: that is enough for most pages, and many take time.
 */
async function candidates(
  rows: Rows,
  dialect: ListDialect,
  { ranges, filter, page }: Search,
): Promise<{ sized: readonly Sized[]; lastLookedAt: string | null }> {
  const bounds = idBounds(filter, page.before);
  const checks = checksOf(filter, dialect);
  if (checks.length === 0) return { sized: await sizedRows(rows, dialect, ranges, bounds, page.size), lastLookedAt: null };
  for (let most = FEW_LOOKED_AT; ; most = MOST_LOOKED_AT) {
    const looked = union(ranges, bounds, most);
    const [last] = await rows<{ id: string }>(`${looked.sql} LIMIT 1 OFFSET ?`, [...looked.params, most - 1]);
    const reach = last ? [{ sql: 'ID >= ?', params: [last.id] }] : [];
    const sized = await sizedRows(rows, dialect, ranges, [...bounds, ...reach, ...checks], page.size);
    if (!last || sized.length > page.size || most === MOST_LOOKED_AT) return { sized, lastLookedAt: last?.id ?? null };
  }
}

/** A row of a page, and how much text it holds. */
interface Sized {
  id: string;
  bytes: number;
}

async function sizedRows(
  rows: Rows,
  dialect: ListDialect,
  ranges: readonly Range[],
  conditions: readonly Condition[],
  size: number,
): Promise<Sized[]> {
  const found = union(ranges, conditions, size + 1);
  return rows<Sized>(
    `SELECT page.id AS id, ${TASK_BYTES} AS bytes FROM (${found.sql} LIMIT ?) AS page
     ${dialect.orderedJoin} tasks ON tasks.id = page.id ORDER BY page.id DESC`,
    [...found.params, size + 1],
  );
}

/** The ids of a page that is bounded in rows and in bytes, but has at least one row. */
function fitting(sized: readonly Sized[], size: number): string[] {
  const ids: string[] = [];
  let bytes = 0;
  for (const row of sized.slice(0, size)) {
    bytes += Number(row.bytes);
    if (bytes > MOST_BYTES && ids.length > 0) break;
    ids.push(row.id);
  }
  return ids;
}

/** A LIKE pattern for text that occurs anywhere; for use with ESCAPE '|'. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[|%_]/g, '|$&')}%`;
}

function rangesOf(filter: TaskFilter, dialect: ListDialect): Range[] {
  if (filter.tag !== undefined) {
    const from = `task_tags ${dialect.orderedJoin} tasks ON tasks.id = task_tags.task_id`;
    return [{ from, id: 'task_tags.task_id', where: [{ sql: 'task_tags.tag = ?', params: [filter.tag] }] }];
  }
  if (filter.schedule !== undefined) {
    const from = `schedule_tasks ${dialect.orderedJoin} tasks ON tasks.id = schedule_tasks.task_id`;
    return [
      { from, id: 'schedule_tasks.task_id', where: [{ sql: 'schedule_tasks.schedule_id = ?', params: [filter.schedule] }] },
    ];
  }
  if (filter.statuses === undefined && filter.type === undefined) {
    // Rows that are left out stand beside rows that are not, so that reading over them ends soon.
    return [{ from: `tasks ${dialect.useIndex('PRIMARY')}`, id: 'tasks.id', where: notTypes(filter) }];
  }
  const index = dialect.useIndex(filter.type === undefined ? 'tasks_status' : 'tasks_type');
  const type = filter.type === undefined ? [] : [{ sql: 'tasks.type = ?', params: [filter.type] }];
  return STATUSES.filter((status) => filter.statuses?.includes(status) ?? true).map((status) => ({
    from: `tasks ${index}`,
    id: 'tasks.id',
    where: [...type, { sql: 'tasks.status = ?', params: [status] }],
  }));
}

function idBounds(filter: TaskFilter, before: string | undefined): Condition[] {
  const bounds: Condition[] = [];
  if (before !== undefined) bounds.push({ sql: 'ID < ?', params: [before] });
  if (filter.createdAfter) bounds.push({ sql: 'ID >= ?', params: [firstIdOf(filter.createdAfter.getTime() - CLOCK_SKEW_MS)] });
  if (filter.createdBefore) bounds.push({ sql: 'ID < ?', params: [firstIdOf(filter.createdBefore.getTime() + CLOCK_SKEW_MS)] });
  return bounds;
}

/** What the ranges leave open. */
function checksOf(filter: TaskFilter, dialect: ListDialect): Condition[] {
  const checks: Condition[] = [];
  // The ranges are those of the tag, or else of the schedule, or else of type and status.
  const besides = filter.tag !== undefined || filter.schedule !== undefined;
  if (besides && filter.type !== undefined) checks.push({ sql: 'tasks.type = ?', params: [filter.type] });
  if (besides && filter.statuses !== undefined) checks.push(statusIn(filter.statuses));
  if (filter.tag !== undefined && filter.schedule !== undefined)
    checks.push({ sql: 'tasks.schedule_id = ?', params: [filter.schedule] });
  if (!besides && filter.statuses !== undefined && filter.type === undefined) checks.push(...notTypes(filter));
  if (filter.createdAfter) checks.push({ sql: 'tasks.created_at >= ?', params: [dialect.instant(filter.createdAfter)] });
  if (filter.createdBefore) checks.push({ sql: 'tasks.created_at < ?', params: [dialect.instant(filter.createdBefore)] });
  if (filter.q !== undefined) checks.push(dialect.contains(filter.q));
  return checks;
}

function notTypes({ notTypes: types = [] }: TaskFilter): Condition[] {
  return types.length === 0 ? [] : [{ sql: `tasks.type NOT IN (${types.map(() => '?').join(', ')})`, params: [...types] }];
}

function statusIn(statuses: readonly string[]): Condition {
  if (statuses.length === 0) return { sql: '1 = 0', params: [] };
  return { sql: `tasks.status IN (${statuses.map(() => '?').join(', ')})`, params: [...statuses] };
}

/** The newest ids of all ranges, as a statement that only lacks its LIMIT. `ID` in a condition stands for the range's id column. */
function union(ranges: readonly Range[], conditions: readonly Condition[], limit: number): Condition {
  const params: unknown[] = [];
  const parts = ranges.map(({ from, id, where }, index) => {
    const all = [...where, ...conditions];
    params.push(...all.flatMap((condition) => condition.params), limit);
    const text = all.map(({ sql }) => sql.replace(/^ID\b/, id)).join(' AND ') || '1 = 1';
    return `SELECT id FROM (SELECT ${id} AS id FROM ${from} WHERE ${text} ORDER BY ${id} DESC LIMIT ?) AS part${index}`;
  });
  return { sql: `${parts.join(' UNION ALL ')} ORDER BY id DESC`, params };
}

/** The smallest UUIDv7 that can have been made at this instant. */
export function firstIdOf(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
