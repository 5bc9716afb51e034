import type { Status } from './types';

/** The shapes of the API about the service itself: who may come in, and how it is doing. */

export type Role = 'viewer' | 'operator' | 'admin';
export type Scope = 'tasks:submit' | 'tasks:read' | 'tasks:act' | 'admin';

export interface Session {
  mode: 'open' | 'locked';
  setup_needed: boolean;
  user: { user_id: string; name: string; role: Role } | null;
  scopes: Scope[];
  banner: string | null;
}

export interface User {
  user_id: string;
  name: string;
  role: Role;
  created_at: string;
  disabled: boolean;
}

export interface Key {
  key_id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  types: string[] | null;
  expires_at: string | null;
  rate_limit: unknown;
  created_at: string;
  last_used_at: string | null;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: { kind: string; id: string | null; name: string | null };
  action: string;
  target: { kind: string; id: string | null } | null;
  detail: unknown;
}

export type Range = '1h' | '24h' | '7d';

interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

export interface StatsPoint {
  at: string;
  submitted: number;
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  wait_seconds: Percentiles | null;
  run_seconds: Percentiles | null;
}

export interface Stats {
  range: Range;
  step_seconds: number;
  points: StatsPoint[];
  totals: Omit<StatsPoint, 'at'>;
}

export interface StatsNow {
  /** Counts are counted up to here. */
  capped_at: number;
  by_status: Record<Status, number>;
  by_type: ({ type: string } & Record<Status, number>)[];
  oldest_waiting: { task_id: string; type: string; due_at: string; age_seconds: number } | null;
  failures: { type: string; kind: string; message: string; count: number; last_at: string; example_task_id: string }[];
}

export interface Worker {
  worker_id: string;
  host: string;
  pid: number;
  version: string;
  started_at: string;
  seen_at: string;
  state: 'alive' | 'draining' | 'gone';
  slots: number;
  busy: number;
  types: string[];
  running: { task_id: string; type: string; since: string }[];
}

export interface Queue {
  type: string;
  ready: number;
  scheduled: number;
  processing: number;
  oldest_ready_seconds: number | null;
  paused: boolean;
  paused_at: string | null;
}

export interface Why {
  reasons: { code: string; text: string }[];
}

export type ActionKind = 'retry' | 'cancel';

export interface Action {
  action_id: string;
  action: ActionKind;
  status: 'RUNNING' | 'DONE';
  total: number;
  done: number;
  failed: number;
  errors: unknown[];
}
