import { InvalidRequest, validate, type LinePosition } from '@app/tasks';
import { DEFAULT_PAGE_SIZE, PageQuery } from './list.query.js';
import { readLinesToken } from './page-token.js';

/** Which page a query asks for. @throws InvalidRequest */
export function readLogsQuery(query: unknown): { size: number; after?: LinePosition } {
  const checked = validate(PageQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  const { page_size, page_token } = checked.value;
  return {
    size: page_size === undefined ? DEFAULT_PAGE_SIZE : Number(page_size),
    after: page_token === undefined ? undefined : readLinesToken(page_token),
  };
}
