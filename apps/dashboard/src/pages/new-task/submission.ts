import { writeJson } from '../../api/json';
import type { Schema, Task, TaskType } from '../../api/types';
import { emptyValue, fromPayload, kindOf, toPayload } from '../../forms/form-value';

/** What stands in the form of a new task. */
export interface Draft {
  title: string;
  description: string;
  payload: unknown;
  priority: string;
  tags: string;
  delay_seconds: string;
  max_attempts: string;
  timeout_seconds: string;
  callback_url: string;
  metadata: string;
}

const NUMBER: Schema = { type: 'integer' };
const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'array', items: TEXT };
/** How each member is read; a member that is left empty is left out. */
const MEMBERS: Record<Exclude<keyof Draft, 'payload'>, Schema> = {
  title: TEXT,
  description: TEXT,
  priority: TEXT,
  tags: TEXTS,
  delay_seconds: NUMBER,
  max_attempts: NUMBER,
  timeout_seconds: NUMBER,
  callback_url: TEXT,
  metadata: {},
};

export function emptyDraft(type: TaskType): Draft {
  const payload = emptyValue(type.payload_schema);
  return {
    title: '',
    description: '',
    payload,
    priority: '',
    tags: '',
    delay_seconds: '',
    max_attempts: '',
    timeout_seconds: '',
    callback_url: '',
    metadata: '',
  };
}

/** A task as a draft, to change and submit it again. */
export function draftOf(type: TaskType, task: Task): Draft {
  const schema = type.payload_schema;
  return {
    ...emptyDraft(type),
    title: task.title === type.title ? '' : task.title,
    description: task.description ?? '',
    payload: kindOf(schema) === 'json' ? jsonText(task.payload) : fromPayload(schema, task.payload),
    priority: task.priority === 'normal' ? '' : task.priority,
    tags: task.tags.filter((tag) => !tag.startsWith('batch:')).join('\n'),
    max_attempts: task.max_attempts === type.max_attempts ? '' : String(task.max_attempts),
    timeout_seconds: task.timeout_seconds === null ? '' : String(task.timeout_seconds),
    callback_url: task.callback_url ?? '',
    metadata: jsonText(task.metadata),
  };
}

/** The submission that a draft means. A plain task needs no type. */
export function submissionOf(type: TaskType, draft: Draft): Record<string, unknown> {
  const submission: Record<string, unknown> = type.type === 'plain' ? {} : { type: type.type };
  for (const [name, schema] of Object.entries(MEMBERS) as [keyof typeof MEMBERS, Schema][]) {
    const value = toPayload(schema, draft[name]);
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) submission[name] = value;
  }
  const payload = toPayload(type.payload_schema, draft.payload);
  if (payload !== undefined) submission.payload = payload;
  return submission;
}

function jsonText(value: unknown): string {
  return value === null || value === undefined ? '' : writeJson(value, 2);
}
