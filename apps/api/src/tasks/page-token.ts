import { InvalidRequest } from '@app/tasks';
import { isTaskId } from './task-id.js';

/** What clients carry from one page to the next. They must not look inside. */
export function pageToken(next: string | null): string | null {
  return next === null ? null : Buffer.from(next).toString('base64url');
}

/** The store's position, the id of the last task that was seen, that a token stands for. @throws InvalidRequest for what is no token of ours */
export function readPageToken(token: string): string {
  const next = Buffer.from(token, 'base64url').toString('utf8');
  if (pageToken(next) !== token || !isTaskId(next)) {
    throw new InvalidRequest([{ pointer: '/query/page_token', detail: 'must be the next_page_token of a page' }]);
  }
  return next;
}
