/** The shapes of the public API, as far as the pages use them. */

export const STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type Status = (typeof STATUSES)[number];

export interface Page<Item> {
  items: Item[];
  next_page_token: string | null;
}

export interface Failure {
  kind: string;
  message: string;
  attempt: number;
}

export interface Progress {
  current: number;
  total: number | null;
  message: string | null;
}

export interface Task {
  task_id: string;
  type: string;
  title: string;
  description: string | null;
  status: Status;
  priority: 'low' | 'normal' | 'high';
  payload: unknown;
  metadata: unknown;
  result: unknown;
  error: Failure | null;
  progress: Progress | null;
  tags: string[];
  attempt: number;
  max_attempts: number;
  timeout_seconds: number | null;
  run_at: string;
  callback_url: string | null;
  callback_format: string | null;
  retry_of: string | null;
  schedule_id: string | null;
  notify_email: string | null;
  created_at: string;
  started_at: string | null;
  updated_at: string;
  completed_at: string | null;
}

export interface Attempt {
  attempt: number;
  started_at: string | null;
  ended_at: string;
  error: Failure;
}

export interface LogLine {
  attempt: number;
  line: number;
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  at: string;
}

export interface TaskFile {
  name: string;
  media_type: string;
  size: number;
  url: string;
  created_at: string;
}

export interface Callback {
  delivery_id: string;
  url: string;
  format: string;
  state: 'waiting' | 'delivering' | 'delivered' | 'failed' | 'called_off';
  reason: string | null;
  next_try_at: string | null;
  created_at: string;
  tries: { at: string; duration_ms: number; status: number | null; answer: string | null; error: string | null }[];
}

/** A JSON Schema of draft 2020-12, as far as forms read it. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: unknown;
  examples?: unknown[];
  minItems?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

export interface TaskType {
  type: string;
  title: string;
  description: string | null;
  payload_schema: Schema;
  needs_title: boolean;
  timeout_seconds: number;
  max_attempts: number;
}

export interface Accepted {
  task_id: string;
  message: string;
  status: Status;
}

export interface Upload {
  batch_id: string;
  dataset: string;
  items: { task_id: string; file: string; size: number }[];
}

export interface Batch {
  batch_id: string;
  dataset: string;
  finished: boolean;
  tasks: Record<Status, number>;
  records: number;
  errors: number;
  bytes: { done: number; total: number };
  items: {
    task_id: string;
    file: string;
    status: Status;
    records: number;
    errors: number;
    bytes: { done: number; total: number };
  }[];
}

export interface Dataset {
  dataset_id: string;
  files: number;
  records: number;
  errors: number;
  fields: string[];
  created_at: string;
  updated_at: string;
}

export interface DataRecord {
  task_id: string;
  row: number;
  data: unknown;
}

export interface RecordError {
  task_id: string;
  file: string;
  row: number;
  line: number | null;
  reason: string;
  text: string;
}

export interface Schedule {
  schedule_id: string;
  title: string;
  cron: string;
  time_zone: string;
  task: { type?: string; title?: string; payload?: unknown };
  overlap: 'skip' | 'queue';
  missed: 'last' | 'all' | 'none';
  ends_at: string | null;
  status: 'ACTIVE' | 'PAUSED' | 'ENDED';
  next_at: string | null;
  last_at: string | null;
  last_task_id: string | null;
  waiting: number;
  version: number;
}
