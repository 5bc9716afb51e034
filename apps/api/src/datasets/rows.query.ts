import { IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { DATASET_ID, type FieldFilter, type RowPosition } from '@app/records';
import { InvalidRequest, validate } from '@app/tasks';
import { DEFAULT_PAGE_SIZE, PageQuery } from '../tasks/list.query.js';
import { pageToken, readLinesToken } from '../tasks/page-token.js';

/** The parameters of a page of records. */
export class RecordsQuery extends PageQuery {
  @JSONSchema({ description: 'The name of a field, together with value.' })
  @ValidateIf((query: RecordsQuery) => query.field !== undefined || query.value !== undefined)
  @Matches(/^[^"\\\p{Cc}\p{Cs}]{1,200}$/u, { message: 'must be the name of a field, without quotes and backslashes' })
  field?: string;

  @JSONSchema({ description: 'Only records whose field has this value, as text.' })
  @ValidateIf((query: RecordsQuery) => query.field !== undefined || query.value !== undefined)
  @Matches(/^[^\p{Cs}]{0,1000}$/u, { message: 'must be a text of up to 1000 characters' })
  value?: string;
}

export class DownloadQuery {
  @JSONSchema({ description: 'ndjson unless given.' })
  @IsOptional()
  @IsIn(['csv', 'ndjson'])
  format?: 'csv' | 'ndjson';
}

/** @throws InvalidRequest */
export function readDatasetsQuery(query: unknown): { size: number; after?: string } {
  const { size, token } = readPage(checked(PageQuery, query));
  if (token === undefined) return { size };
  const after = Buffer.from(token, 'base64url').toString('utf8');
  if (!DATASET_ID.test(after) || pageToken(after) !== token) {
    throw new InvalidRequest([{ pointer: '/query/page_token', detail: 'must be the next_page_token of a page' }]);
  }
  return { size, after };
}

/** @throws InvalidRequest */
export function readRowsQuery(query: unknown): { size: number; after?: RowPosition } {
  const { size, token } = readPage(checked(PageQuery, query));
  return { size, after: positionOf(token) };
}

/** @throws InvalidRequest */
export function readRecordsQuery(query: unknown): { size: number; after?: RowPosition; filter?: FieldFilter } {
  const given = checked(RecordsQuery, query);
  const { size, token } = readPage(given);
  const { field, value } = given;
  const filter = field === undefined || value === undefined ? undefined : { field, value };
  return { size, after: positionOf(token), filter };
}

/** @throws InvalidRequest */
export function readDownloadQuery(query: unknown): 'csv' | 'ndjson' {
  return checked(DownloadQuery, query).format ?? 'ndjson';
}

export function rowsToken(next: RowPosition | null): string | null {
  return pageToken(next && `${next.import}.${next.row}`);
}

function checked<Q extends object>(type: new () => Q, query: unknown): Q {
  const result = validate(type, query, '/query');
  if ('violations' in result) throw new InvalidRequest(result.violations);
  return result.value;
}

function readPage({ page_size, page_token }: PageQuery): { size: number; token?: string } {
  return { size: page_size === undefined ? DEFAULT_PAGE_SIZE : Number(page_size), token: page_token };
}

/** The two numbers of a position travel as those of a line do. */
function positionOf(token: string | undefined): RowPosition | undefined {
  if (token === undefined) return undefined;
  const { attempt, line } = readLinesToken(token);
  return { import: attempt, row: line };
}
