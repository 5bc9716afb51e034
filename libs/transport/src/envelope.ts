import { PRIORITIES, TASK_DUE, type Announcement, type Priority } from '@app/tasks';

/** Ours take about 120 bytes; whoever adds fields has room. */
const MAX_BYTES = 16 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A message that is no announcement. It can never become one, so it is parked and not tried again. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** Most announcements of one message: a message costs the broker about the same whether it carries one or sixteen. */
export const MOST_TOGETHER = 16;

/** The message body: a Nest event envelope with the announcements of one class as its data, `{id}` for one and `{ids}` for more. */
export function encode(announcements: readonly Announcement[]): Buffer {
  const { id, priority } = announcements[0]!;
  const data = announcements.length === 1 ? { id, priority } : { ids: announcements.map((one) => one.id), priority };
  return Buffer.from(JSON.stringify({ pattern: TASK_DUE, data }));
}

/**
 * Reads a message body. Fields beyond `id`, `ids` and `priority` are ignored: the row knows better.
 *
 * @throws Unreadable with the reason, which quotes nothing of the body.
 */
export function decode(body: Buffer, priority: Priority): Announcement[] {
  if (body.length > MAX_BYTES) throw new Unreadable(`${body.length} bytes are more than ${MAX_BYTES}`);
  const envelope = parse(body);
  if (!isObject(envelope)) throw new Unreadable('the body is not a JSON object');
  if (envelope.pattern !== TASK_DUE) throw new Unreadable(`the pattern is not "${TASK_DUE}"`);
  if (envelope.id !== undefined) throw new Unreadable('it is a request that wants an answer, not an event');
  const { data } = envelope;
  if (!isObject(data)) throw new Unreadable('it has no data');
  if (data.priority !== undefined && !PRIORITIES.includes(data.priority as Priority)) {
    throw new Unreadable(`data.priority is none of ${PRIORITIES.join(', ')}`);
  }
  return idsOf(data).map((id) => ({ id, priority }));
}

function idsOf({ id, ids }: Record<string, unknown>): string[] {
  if (ids === undefined) {
    if (typeof id !== 'string' || !UUID.test(id)) throw new Unreadable('data.id is not a UUID');
    return [id];
  }
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > MOST_TOGETHER) {
    throw new Unreadable(`data.ids is not a list of 1 to ${MOST_TOGETHER}`);
  }
  if (!ids.every((one): one is string => typeof one === 'string' && UUID.test(one)))
    throw new Unreadable('data.ids holds what is no UUID');
  return ids;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Unreadable('the body is not JSON');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
