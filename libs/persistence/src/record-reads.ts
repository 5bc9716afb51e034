import type { TaskStatus } from '@app/tasks';
import {
  RecordStore,
  type BatchFile,
  type DataRecord,
  type Dataset,
  type FieldFilter,
  type ImportState,
  type RecordError,
  type RowPage,
  type RowPosition,
} from '@app/records';

/** What of the reads differs between the databases. */
export interface RecordDialect {
  /** True for rows behind a position; the parameters are its. */
  after(position: RowPosition): { sql: string; params: number[] };
  /** True if a field, at a path, has a value as text; takes the path, as often as {@link paths} says, then the value. */
  readonly fieldIs: string;
  readonly paths: number;
  /** Rows that a filtered page looks at, at most. */
  readonly window: number;
}

/** A row of `imports` with the id of its dataset, columns named as in {@link ImportState}. */
export interface ImportRow extends Omit<ImportState, 'dataset'> {
  dataset: string;
}

export const IMPORT_COLUMNS = `i.number, d.id AS dataset, i.row_no AS \`row\`, i.records, i.errors, i.format, i.outcome`;
export const IMPORT_BY = `SELECT ${IMPORT_COLUMNS} FROM imports i JOIN datasets d ON d.number = i.dataset_no WHERE`;

interface DatasetRow {
  number: number;
  id: string;
  imports: number;
  records: number | string | null;
  archived: number | string | null;
  errors: number | string | null;
  createdAt: Date | number;
  updatedAt: Date | number | null;
}

type PlacedRow = RowPosition & { data?: string };

/** The reads of a {@link RecordStore}, which are the same statements in both databases. */
export abstract class SqlRecordStore extends RecordStore {
  protected abstract readonly dialect: RecordDialect;

  protected abstract rows<R>(sql: string, params: readonly unknown[]): Promise<R[]>;

  async batch(tag: string): Promise<BatchFile[]> {
    const rows = await this.rows<{ taskId: string; status: TaskStatus; payload: string; [count: string]: unknown }>(
      `SELECT t.id AS taskId, t.status, t.payload, i.records, i.errors, i.bytes_read AS bytes
       FROM task_tags g JOIN tasks t ON t.id = g.task_id LEFT JOIN imports i ON i.task_id = t.id
       WHERE g.tag = ? AND t.type = 'file.import' ORDER BY t.id`,
      [tag],
    );
    return rows.map(({ taskId, status, payload, records, errors, bytes }) => ({
      taskId,
      status,
      payload: JSON.parse(payload) as unknown,
      records: Number(records ?? 0),
      errors: Number(errors ?? 0),
      bytes: Number(bytes ?? 0),
    }));
  }

  async datasets({ size, after }: { size: number; after?: string }): Promise<Dataset[]> {
    return this.withFields(
      await this.rows<DatasetRow>(`${datasetsOf('id > ? ORDER BY id LIMIT ?')} ORDER BY d.id`, [after ?? '', size]),
    );
  }

  async dataset(id: string): Promise<Dataset | null> {
    const [dataset] = await this.withFields(await this.rows<DatasetRow>(datasetsOf('id = ?'), [id]));
    return dataset ?? null;
  }

  async records(id: string, page: { size: number; after?: RowPosition; filter?: FieldFilter }): Promise<RowPage<DataRecord>> {
    const dataset = await this.numberOf(id);
    if (dataset === null) return { rows: [], next: null };
    const { rows, next } = await (page.filter ? this.filtered(dataset, page, page.filter) : this.unfiltered(dataset, page));
    const imports = await this.importsOf(rows);
    return { rows: rows.map(({ data, ...at }) => ({ ...at, taskId: imports.get(at.import)!.taskId, data: data! })), next };
  }

  async errors(id: string, { size, after }: { size: number; after?: RowPosition }): Promise<RowPage<RecordError>> {
    const dataset = await this.numberOf(id);
    if (dataset === null) return { rows: [], next: null };
    const from = this.from(dataset, after);
    const found = await this.rows<Omit<RecordError, 'taskId' | 'file'>>(
      `SELECT ${PLACE}, line, reason, text FROM record_errors ${from.sql} LIMIT ?`,
      [...from.params, size + 1],
    );
    const rows = found.slice(0, size);
    const imports = await this.importsOf(rows);
    return { rows: rows.map((row) => ({ ...row, ...imports.get(row.import)! })), next: nextOf(found, size) };
  }

  private async unfiltered(dataset: number, { size, after }: { size: number; after?: RowPosition }): Promise<RowPage<PlacedRow>> {
    const from = this.from(dataset, after);
    const found = await this.rows<PlacedRow>(`SELECT ${PLACE}, data FROM records ${from.sql} LIMIT ?`, [
      ...from.params,
      size + 1,
    ]);
    return { rows: found.slice(0, size), next: nextOf(found, size) };
  }

  /** Looks at a bounded number of rows, however few of them fit. */
  private async filtered(
    dataset: number,
    { size, after }: { size: number; after?: RowPosition },
    { field, value }: FieldFilter,
  ): Promise<RowPage<PlacedRow>> {
    const { window, fieldIs, paths } = this.dialect;
    const from = this.from(dataset, after);
    const path = `$."${field}"`;
    const found = await this.rows<PlacedRow>(
      `SELECT ${PLACE}, data FROM (SELECT import_no, row_no, data FROM records ${from.sql} LIMIT ?) AS looked_at
       WHERE ${fieldIs} ORDER BY import_no, row_no LIMIT ?`,
      [...from.params, window, ...Array.from({ length: paths }, () => path), value, size + 1],
    );
    if (found.length > size) return { rows: found.slice(0, size), next: nextOf(found, size) };
    const [last] = await this.rows<PlacedRow>(`SELECT ${PLACE} FROM records ${from.sql} LIMIT 1 OFFSET ?`, [
      ...from.params,
      window - 1,
    ]);
    return { rows: found, next: last ?? null };
  }

  private from(dataset: number, position: RowPosition | undefined): { sql: string; params: number[] } {
    const after = position && this.dialect.after(position);
    const sql = `WHERE dataset_no = ? ${after ? `AND ${after.sql}` : ''} ORDER BY dataset_no, import_no, row_no`;
    return { sql, params: [dataset, ...(after?.params ?? [])] };
  }

  private async numberOf(id: string): Promise<number | null> {
    const [row] = await this.rows<{ number: number }>('SELECT number FROM datasets WHERE id = ?', [id]);
    return row?.number ?? null;
  }

  private async importsOf(rows: readonly RowPosition[]): Promise<Map<number, { taskId: string; file: string }>> {
    const numbers = [...new Set(rows.map((row) => row.import))];
    if (numbers.length === 0) return new Map();
    const imports = await this.rows<{ number: number; taskId: string; file: string }>(
      `SELECT number, task_id AS taskId, file_name AS file FROM imports WHERE number IN (${numbers.map(() => '?').join(', ')})`,
      numbers,
    );
    return new Map(imports.map(({ number, ...rest }) => [number, rest]));
  }

  private async withFields(datasets: readonly DatasetRow[]): Promise<Dataset[]> {
    if (datasets.length === 0) return [];
    const imports = await this.rows<{ dataset: number; fields: string }>(
      `SELECT dataset_no AS dataset, fields, MIN(number) AS first FROM imports
       WHERE dataset_no IN (${datasets.map(() => '?').join(', ')}) GROUP BY dataset_no, fields ORDER BY first`,
      datasets.map(({ number }) => number),
    );
    return datasets.map(({ number, ...row }) => {
      const fields = imports.filter(({ dataset }) => dataset === number).flatMap(({ fields }) => JSON.parse(fields) as string[]);
      return {
        ...row,
        imports: Number(row.imports),
        records: Number(row.records ?? 0),
        archived: Number(row.archived ?? 0),
        errors: Number(row.errors ?? 0),
        fields: [...new Set(fields)],
        createdAt: new Date(row.createdAt),
        updatedAt: new Date(row.updatedAt ?? row.createdAt),
      };
    });
  }
}

const PLACE = 'import_no AS import, row_no AS `row`';

/** The datasets of a page are chosen before their imports are summed up: others need not be read. */
function datasetsOf(page: string): string {
  return `SELECT d.number, d.id, d.created_at AS createdAt, COUNT(i.number) AS imports, SUM(i.records - i.archived) AS records,
      SUM(i.archived) AS archived, SUM(i.errors) AS errors, MAX(i.updated_at) AS updatedAt
    FROM (SELECT number, id, created_at FROM datasets WHERE ${page}) AS d LEFT JOIN imports i ON i.dataset_no = d.number
    GROUP BY d.number, d.id, d.created_at`;
}

function nextOf(found: readonly RowPosition[], size: number): RowPosition | null {
  const last = found.length > size ? found[size - 1]! : null;
  return last && { import: last.import, row: last.row };
}
