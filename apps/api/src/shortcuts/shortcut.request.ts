import { IsArray } from 'class-validator';
import { InvalidPayload, InvalidRequest, validate, type Submission, type Violation } from '@app/tasks';
import { CallbackWish } from '../tasks/submission.request.js';

/** Items to work on, and whom to call. What an item must be like is for the type to say. */
export class ItemsRequest extends CallbackWish {
  @IsArray({ message: 'must be an array' })
  message!: unknown[];
}

/** A submission, and how its payload's places are called in the body that it came from. */
export interface Shortcut {
  submission: Submission;
  /** The pointer of the payload's part that the body has under another name, and that name. */
  renamed: { from: string; to: string };
}

/** A task of a type that works on items. @throws InvalidPayload */
export function readItems(type: string, body: unknown): Shortcut {
  const { message, ...wish } = read(ItemsRequest, body);
  return {
    submission: { type, payload: { items: message }, ...callbackOf(wish) },
    renamed: { from: '/payload/items', to: '/message' },
  };
}

/** A task whose payload is the body, but for whom to call. @throws InvalidPayload */
export function readPayload(type: string, body: unknown): Shortcut {
  const { callback_url, callback_format, ...payload } = objectOf(body);
  const wish = read(CallbackWish, defined({ callback_url, callback_format }));
  return { submission: { type, payload, ...callbackOf(wish) }, renamed: { from: '/payload', to: '' } };
}

/** The error with its places called as in the body: every body that does not fit is a 422 here. */
export function calledAsInBody(error: unknown, { from, to }: Shortcut['renamed']): unknown {
  if (!(error instanceof InvalidRequest) || error.code === 'invalid_callback') return error;
  return new InvalidPayload(
    error.violations.map(({ pointer, detail }): Violation => ({
      pointer: pointer === from || pointer.startsWith(`${from}/`) ? to + pointer.slice(from.length) : pointer,
      detail,
    })),
  );
}

function read<T extends object>(type: new () => T, body: unknown): T {
  const checked = validate(type, objectOf(body));
  if ('violations' in checked) throw new InvalidPayload(checked.violations);
  return checked.value;
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new InvalidPayload([{ pointer: '', detail: 'must be a JSON object' }]);
}

function callbackOf({ callback_url, callback_format }: CallbackWish): Pick<Submission, 'callbackUrl' | 'callbackFormat'> {
  return { callbackUrl: callback_url, callbackFormat: callback_format ?? undefined };
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
