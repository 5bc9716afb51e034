import type { ApiKey, AuditLine, LockState, Principal, Role, Scope, User } from '@app/access';

/** What a client may do here, and as whom. */
export interface SessionView {
  mode: 'open' | 'locked';
  /** True while there is no admin: nothing but the setup works. */
  setup_needed: boolean;
  user: { user_id: string; name: string; role: Role } | null;
  scopes: readonly Scope[];
  /** What everybody who looks should know. */
  banner: string | null;
}

export interface UserView {
  user_id: string;
  name: string;
  role: Role;
  disabled: boolean;
  created_at: string;
}

export interface KeyView {
  key_id: string;
  name: string;
  prefix: string;
  scopes: readonly Scope[];
  types: readonly string[] | null;
  expires_at: string | null;
  rate_limit: number | null;
  created_at: string;
  last_used_at: string | null;
}

export interface AuditLineView {
  seq: number;
  at: string;
  actor: AuditLine['actor'];
  action: string;
  target: AuditLine['target'];
  detail: unknown;
  hash: string;
}

const OPEN =
  'This Taskwell is open: whoever reaches it may do everything. It listens on this machine only. ADMIN_PASSWORD locks it.';

export function sessionView({ kind, id, name, role, scopes }: Principal, state: LockState): SessionView {
  const user = kind === 'user' ? { user_id: id!, name: name!, role: role! } : null;
  return {
    mode: state === 'open' ? 'open' : 'locked',
    setup_needed: state === 'setup',
    user,
    scopes: state === 'setup' ? [] : scopes,
    banner: state === 'open' ? OPEN : null,
  };
}

export function userView({ id, name, role, disabled, createdAt }: User): UserView {
  return { user_id: id, name, role, disabled, created_at: createdAt.toISOString() };
}

export function keyView(key: ApiKey): KeyView {
  return {
    key_id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    types: key.types,
    expires_at: instant(key.expiresAt),
    rate_limit: key.rateLimit,
    created_at: key.createdAt.toISOString(),
    last_used_at: instant(key.lastUsedAt),
  };
}

export function auditLineView({ seq, at, actor, action, target, detail, hash }: AuditLine): AuditLineView {
  return { seq, at: at.toISOString(), actor, action, target, detail: JSON.parse(detail), hash };
}

function instant(at: Date | null): string | null {
  return at && at.toISOString();
}
