import { InvalidRequest, type LinePosition } from '@app/tasks';
import { isTaskId } from './task-id.js';

/** What clients carry from one page to the next. They must not look inside. */
export function pageToken(next: string | null): string | null {
  return next === null ? null : Buffer.from(next).toString('base64url');
}

/** The store's position, the id of the last task that was seen, that a token stands for. @throws InvalidRequest for what is no token of ours */
export function readPageToken(token: string): string {
  const next = textOf(token);
  if (!isTaskId(next)) throw noToken();
  return next;
}

/** The number of the last line of the audit that was seen. @throws InvalidRequest for what is no token of ours */
export function readSeqToken(token: string): number {
  const seq = textOf(token);
  if (!/^\d{1,15}$/.test(seq)) throw noToken();
  return Number(seq);
}

/** As {@link pageToken}, for the last line of a log that was seen. */
export function linesToken(last: LinePosition | null): string | null {
  return pageToken(last && `${last.attempt}.${last.line}`);
}

/** @throws InvalidRequest for what is no token of ours */
export function readLinesToken(token: string): LinePosition {
  const [, attempt, line] = /^(\d{1,9})\.(\d{1,9})$/.exec(textOf(token)) ?? [];
  if (attempt === undefined) throw noToken();
  return { attempt: Number(attempt), line: Number(line) };
}

function textOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (pageToken(text) !== token) throw noToken();
  return text;
}

function noToken(): InvalidRequest {
  return new InvalidRequest([{ pointer: '/query/page_token', detail: 'must be the next_page_token of a page' }]);
}
