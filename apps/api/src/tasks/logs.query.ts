import { IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, validate, type LinePosition } from '@app/tasks';
import { DEFAULT_PAGE_SIZE, PAGE_SIZE, PAGE_TOKEN } from './list.query.js';
import { readLinesToken } from './page-token.js';

/** The parameters of a page of a task's log. */
export class LogsQuery {
  @JSONSchema({ description: '1 to 200, 50 unless given.' })
  @IsOptional()
  @Matches(PAGE_SIZE, { message: 'must be a whole number from 1 to 200' })
  page_size?: string;

  @JSONSchema({ description: 'The next_page_token of the page before.' })
  @IsOptional()
  @Matches(PAGE_TOKEN, { message: 'must be the next_page_token of a page' })
  page_token?: string;
}

/** Which page a query asks for. @throws InvalidRequest */
export function readLogsQuery(query: unknown): { size: number; after?: LinePosition } {
  const checked = validate(LogsQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  const { page_size, page_token } = checked.value;
  return {
    size: page_size === undefined ? DEFAULT_PAGE_SIZE : Number(page_size),
    after: page_token === undefined ? undefined : readLinesToken(page_token),
  };
}
