import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, STATUSES, validate, type TaskFilter, type TaskStatus } from '@app/tasks';
import { parseInstant } from '../http/instant.js';
import { readPageToken } from './page-token.js';
import { TAG, TYPE } from './submission.request.js';

/** `page_size`, as every page takes it. */
const PAGE_SIZE = /^(?:[1-9]\d?|1\d\d|200)$/;
export const DEFAULT_PAGE_SIZE = 50;
/** `page_token`, as far as its form goes. */
const PAGE_TOKEN = /^[A-Za-z0-9_-]{1,512}$/;

/** So many rows, older than one. */
interface Page {
  size: number;
  before?: string;
}

function IsInstant(): PropertyDecorator {
  return ValidateBy(
    { name: 'isInstant', validator: { validate: (value) => typeof value === 'string' && parseInstant(value) !== null } },
    { message: 'must be an RFC 3339 instant with an offset, such as 2027-01-31T09:00:00Z (a plus sign is written %2B)' },
  );
}

/** The size of a page, as it stands in the query. */
function PageSize(): PropertyDecorator {
  return applyDecorators(
    JSONSchema({ description: '1 to 200, 50 unless given.' }),
    IsOptional(),
    Matches(PAGE_SIZE, { message: 'must be a whole number from 1 to 200' }),
  );
}

/** Where a page begins, as it stands in the query. */
function PageToken(): PropertyDecorator {
  return applyDecorators(
    JSONSchema({ description: 'The next_page_token of the page before.' }),
    IsOptional(),
    Matches(PAGE_TOKEN, { message: 'must be the next_page_token of a page' }),
  );
}

/** The parameters of a page. */
export class PageQuery {
  @PageSize()
  page_size?: string;

  @PageToken()
  page_token?: string;
}

/** Which tasks a list is about, as it stands in the query. */
export class FilterQuery {
  @JSONSchema({ description: 'One status or several, separated by commas.' })
  @IsOptional()
  @Matches(new RegExp(`^(?:${STATUSES.join('|')})(?:,(?:${STATUSES.join('|')})){0,9}$`), {
    message: `must be one or more of ${STATUSES.join(', ')}, separated by commas`,
  })
  status?: string;

  @IsOptional()
  @Matches(TYPE, { message: 'must be the name of a task type' })
  type?: string;

  @IsOptional()
  @Matches(TAG, { message: 'must be a tag' })
  tag?: string;

  @JSONSchema({ format: 'uuid', description: 'Only tasks that this schedule made.' })
  @IsOptional()
  @Matches(/^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, { message: 'must be the id of a schedule' })
  schedule?: string;

  @JSONSchema({ type: 'string', format: 'date-time', description: 'Only tasks submitted after this instant.' })
  @IsOptional()
  @IsInstant()
  created_after?: string;

  @JSONSchema({ type: 'string', format: 'date-time', description: 'Only tasks submitted before this instant.' })
  @IsOptional()
  @IsInstant()
  created_before?: string;

  @JSONSchema({ description: 'Text that occurs in title, description, payload, result or error, whatever the case.' })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { message: 'must be 1 to 200 characters, without control characters' })
  q?: string;
}

/** The parameters of a list of tasks, as they stand in the query. */
export class ListQuery extends FilterQuery {
  @PageSize()
  page_size?: string;

  @PageToken()
  page_token?: string;
}

/** Which tasks a query asks for, and which page of them. @throws InvalidRequest */
export function readListQuery(query: unknown): { filter: TaskFilter; page: Page } {
  const checked = validate(ListQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return { filter: filterOf(checked.value), page: pageOf(checked.value) };
}

/** Which tasks are meant. */
export function filterOf({ status, type, tag, schedule, created_after, created_before, q }: FilterQuery): TaskFilter {
  return {
    statuses: status === undefined ? undefined : [...new Set(status.split(',') as TaskStatus[])],
    type,
    tag,
    schedule: schedule?.toLowerCase(),
    createdAfter: instant(created_after),
    createdBefore: instant(created_before),
    q,
  };
}

/** @throws InvalidRequest */
export function readPageQuery(query: unknown): Page {
  const checked = validate(PageQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return pageOf(checked.value);
}

function pageOf({ page_size, page_token }: PageQuery): Page {
  return {
    size: page_size === undefined ? DEFAULT_PAGE_SIZE : Number(page_size),
    before: page_token === undefined ? undefined : readPageToken(page_token),
  };
}

function instant(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : (parseInstant(text) ?? undefined);
}
