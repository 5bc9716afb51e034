import { createHash } from 'node:crypto';

/** Who acted. `system` is Taskwell itself, by its settings. */
export interface Actor {
  kind: 'user' | 'key' | 'anonymous' | 'system';
  id: string | null;
  name: string | null;
}

/** What is to be noted of one act. */
export interface AuditEntry {
  actor: Actor;
  /** What was done, as kind and verb: `task.cancel`. */
  action: string;
  target: { kind: string; id: string | null };
  /** JSON. */
  detail: string;
}

/** An entry in its place. Lines are never changed. */
export interface AuditLine extends AuditEntry {
  /** From 1, without gaps. */
  seq: number;
  at: Date;
  /** Covers the line and, by the hash of the one before, all lines before it. */
  hash: string;
}

/** What the first line counts as the hash of the one before. */
export const NO_HASH = '0'.repeat(64);

/** The entry as the line that follows. */
export function nextLine(last: Pick<AuditLine, 'seq' | 'hash'>, entry: AuditEntry, at: Date): AuditLine {
  const line = { ...entry, seq: last.seq + 1, at };
  return { ...line, hash: hashOf(last.hash, line) };
}

/** The hash that a line must have after one with the hash `previous`. */
export function hashOf(previous: string, { seq, at, actor, action, target, detail }: Omit<AuditLine, 'hash'>): string {
  const text = JSON.stringify([seq, at.toISOString(), actor.kind, actor.id, actor.name, action, target.kind, target.id, detail]);
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex');
}
