import {
  ARCHIVE_KINDS,
  ArchiveStore,
  type Archive,
  type ArchiveKind,
  type ArchivePage,
  type ArchivePart,
  type ArchiveRow,
  type ArchiveStatus,
  type ArchivePlan,
  type Period,
  type RemovedRows,
  type RowCount,
  type RowKey,
  type StoredObject,
} from '@app/archive';
import { LeaseLost, WrongStatus, type Lease } from '@app/tasks';
import { firstIdOf } from '../list-query.js';
import { ARCHIVE_COLUMNS_SELECT, PARTS, toArchive, toPart, type ArchiveTableRow, type PartTableRow } from './archive-row.js';
import { ENDED_WITHIN, IMPORTS, recordKey, toRecordRow, type ImportOfRecords, type RecordTableRow } from './record-cells.js';
import { KEPT_FOR_GOOD, heldFor, type ReferenceDialect } from './references.js';
import type { StepDialect } from './step-dialect.js';
import { isOfKind, taskSelects, toTaskRows } from './task-cells.js';
import type { Done } from './writes.js';
import { TASK_BYTES } from '../task-row.js';

/** What of the reads differs between the databases. */
export interface ArchiveDialect extends StepDialect, ReferenceDialect {
  /** Makes `tasks` be read in the order of its primary key. */
  readonly byPrimary: string;
  /** Rows that one statement looks at, at most. */
  readonly window: number;
}

/** A page is built in memory, and becomes a row group: larger ones took 60 MB more and were slower. */
const PAGE_ROWS = 1_000;
const PAGE_BYTES = 1024 * 1024;
const IMPORTS_AT_ONCE = 200;
/** Ids carry the submitter's clock, `completed_at` the database's: this far they may be apart. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** The reads of an {@link ArchiveStore}, which are the same statements in both databases. */
export abstract class SqlArchiveStore extends ArchiveStore {
  protected abstract readonly dialect: ArchiveDialect;

  protected abstract select<R>(sql: string, params: readonly unknown[]): Promise<R[]>;

  async find(id: string): Promise<Archive | null> {
    const [row] = await this.select<ArchiveTableRow>(`SELECT ${ARCHIVE_COLUMNS_SELECT} FROM archives WHERE id = ?`, [id]);
    return row ? toArchive(row) : null;
  }

  async list({ size, before }: { size: number; before?: string }): Promise<ArchivePage> {
    const rows = await this.select<ArchiveTableRow>(
      `SELECT ${ARCHIVE_COLUMNS_SELECT} FROM archives ${before === undefined ? '' : 'WHERE id < ?'} ORDER BY id DESC LIMIT ?`,
      [...(before === undefined ? [] : [before]), size + 1],
    );
    const archives = rows.slice(0, size).map(toArchive);
    return { archives, next: rows.length > size ? archives.at(-1)!.id : null };
  }

  async parts(id: string): Promise<ArchivePart[]> {
    const parts = (await this.select<PartTableRow>(PARTS, [id])).map(toPart);
    return ARCHIVE_KINDS.flatMap((kind) => parts.filter((part) => part.kind === kind));
  }

  async count(kind: ArchiveKind, period: Period, keepKeysMs: number): Promise<RowCount> {
    if (kind === 'records') {
      const [sum] = await this.select<{ n: number | string | null }>(
        `SELECT SUM(i.records - i.archived) AS n FROM imports i WHERE ${ENDED_WITHIN}`,
        this.instants(period),
      );
      return { rows: Number(sum?.n ?? 0), kept: 0 };
    }
    const count = { rows: 0, kept: 0 };
    const stays = kind === 'tasks' ? `${KEPT_FOR_GOOD} OR ${heldFor(this.dialect, keepKeysMs)}` : '1 = 0';
    for await (const window of this.windows(kind, period, null)) {
      const [sum] = await this.select<{ n: number | string; kept: number | string | null }>(
        `SELECT COUNT(*) AS n, SUM(CASE WHEN ${stays} THEN 1 ELSE 0 END) AS kept FROM tasks ${this.dialect.byPrimary} WHERE ${window.sql}`,
        window.params,
      );
      count.rows += Number(sum?.n ?? 0);
      count.kept += Number(sum?.kept ?? 0);
    }
    return count;
  }

  rows(kind: ArchiveKind, period: Period, after: string | null): Promise<ArchiveRow[]> {
    return kind === 'records' ? this.records(period, after) : this.tasks(kind, period, after);
  }

  private async tasks(kind: Exclude<ArchiveKind, 'records'>, period: Period, after: string | null): Promise<ArchiveRow[]> {
    for await (const window of this.windows(kind, period, after)) {
      const found = await this.select<{ id: string; bytes: number | string }>(
        `SELECT tasks.id AS id, ${TASK_BYTES} + ${LOG_BYTES} AS bytes FROM tasks ${this.dialect.byPrimary} WHERE ${window.sql} ORDER BY tasks.id LIMIT ?`,
        [...window.params, PAGE_ROWS],
      );
      if (found.length === 0) continue;
      const ids = fitting(found, PAGE_BYTES).map(({ id }) => id);
      const selects = taskSelects((column) => this.dialect.isIn(column, ids));
      return toTaskRows(await Promise.all(selects.map(({ sql, params }) => this.select<Record<string, unknown>>(sql, params))));
    }
    return [];
  }

  /** Stretches of the primary key in which a bounded number of rows is looked at, with what makes a row one of the period. */
  private async *windows(
    kind: Exclude<ArchiveKind, 'records'>,
    period: Period,
    after: string | null,
  ): AsyncGenerator<{ sql: string; params: unknown[] }> {
    const { byPrimary, window } = this.dialect;
    // A task is submitted before it is completed.
    const end = firstIdOf(period.to.getTime() + CLOCK_SKEW_MS);
    const inPeriod = `${isOfKind(kind)} AND tasks.completed_at >= ? AND tasks.completed_at < ?`;
    for (let from = after ?? ''; ;) {
      const [last] = await this.select<{ id: string }>(
        `SELECT id FROM tasks ${byPrimary} WHERE id > ? AND id < ? ORDER BY id LIMIT 1 OFFSET ?`,
        [from, end, window - 1],
      );
      const until = last ? { sql: 'tasks.id <= ?', id: last.id } : { sql: 'tasks.id < ?', id: end };
      yield { sql: `tasks.id > ? AND ${until.sql} AND ${inPeriod}`, params: [from, until.id, ...this.instants(period)] };
      if (!last) return;
      from = last.id;
    }
  }

  private async records(period: Period, after: string | null): Promise<ArchiveRow[]> {
    const rows: ArchiveRow[] = [];
    let position = after === null ? { import: 0, row: 0 } : recordKey(after);
    let bytesLeft = PAGE_BYTES;
    for (;;) {
      const imports = await this.select<ImportOfRecords>(
        `${IMPORTS} WHERE i.number >= ? AND i.records > i.archived AND ${ENDED_WITHIN} ORDER BY i.number LIMIT ?`,
        [position.import, ...this.instants(period), IMPORTS_AT_ONCE],
      );
      for (const from of imports) {
        const row = from.number === position.import ? position.row : 0;
        const sizes = await this.select<{ row: number; bytes: number }>(
          `SELECT row_no AS \`row\`, LENGTH(data) AS bytes FROM records WHERE dataset_no = ? AND import_no = ? AND row_no > ? ORDER BY row_no LIMIT ?`,
          [from.datasetNo, from.number, row, PAGE_ROWS - rows.length],
        );
        const fit = fitting(sizes, bytesLeft, rows.length > 0);
        if (fit.length > 0) {
          const found = await this.select<RecordTableRow>(
            `SELECT row_no AS \`row\`, data FROM records WHERE dataset_no = ? AND import_no = ? AND row_no > ? AND row_no <= ? ORDER BY row_no`,
            [from.datasetNo, from.number, row, fit.at(-1)!.row],
          );
          rows.push(...found.map((record) => toRecordRow(from, record)));
          bytesLeft -= fit.reduce((sum, { bytes }) => sum + Number(bytes), 0);
        }
        if (fit.length < sizes.length || rows.length >= PAGE_ROWS) return rows;
      }
      if (imports.length < IMPORTS_AT_ONCE) return rows;
      position = { import: imports.at(-1)!.number + 1, row: 0 };
    }
  }

  private instants({ from, to }: Period): unknown[] {
    return [this.dialect.instant(from.getTime()), this.dialect.instant(to.getTime())];
  }

  abstract override begin(lease: Lease, plan: ArchivePlan): Promise<Archive>;
  abstract override advance(lease: Lease, id: string, status: ArchiveStatus, set?: { manifest?: StoredObject }): Promise<boolean>;
  abstract override remove(
    lease: Lease,
    id: string,
    part: ArchivePart,
    keys: readonly RowKey[],
    keepKeysMs: number,
  ): Promise<RemovedRows>;
}

/** A log has at most some thousand lines of some thousand characters, so it counts. */
const LOG_BYTES = `COALESCE((SELECT SUM(LENGTH(message)) FROM task_logs WHERE task_logs.task_id = tasks.id), 0)`;

/** The first rows that together have at most so many bytes; one at least, unless there are others already. */
function fitting<R extends { bytes: number | string }>(rows: readonly R[], most: number, mayBeNone = false): R[] {
  let bytes = 0;
  const end = rows.findIndex((row) => (bytes += Number(row.bytes)) > most);
  if (end === -1) return [...rows];
  return rows.slice(0, mayBeNone ? end : Math.max(1, end));
}

/** @throws LeaseLost, WrongStatus if the work was refused */
export function requireDone<T>(outcome: Done<T>, lease: Lease, id: string): T {
  if ('done' in outcome) return outcome.done;
  if (outcome.refused === 'lease') throw new LeaseLost(lease.id, lease.attempt);
  throw new WrongStatus(`The archive ${id} has moved on.`);
}
