import { nextLine, type AuditEntry, type AuditLine } from '@app/access';
import { affect, rows, type Work } from '../shared/work.js';

const COLUMNS = `seq, at, actor_kind AS actorKind, actor_id AS actorId, actor_name AS actorName, action,
  target_kind AS targetKind, target_id AS targetId, detail, hash`;

interface AuditRow {
  seq: number;
  at: Date | number;
  actorKind: AuditLine['actor']['kind'];
  actorId: string | null;
  actorName: string | null;
  action: string;
  targetKind: string;
  targetId: string | null;
  detail: string;
  hash: string;
}

/** Lets one transaction after another pass: whatever changes users, sessions or keys holds it, since each writes a line. */
export function* turn(): Work<void> {
  yield* affect('UPDATE audit_head SET seq = seq WHERE id = 1');
}

/** Adds lines, each with the hash of the one before. */
export function* note(now: Date, entries: readonly AuditEntry[]): Work<void> {
  yield* turn();
  let [last] = yield* rows<Pick<AuditLine, 'seq' | 'hash'>>('SELECT seq, hash FROM audit_head WHERE id = 1');
  for (const entry of entries) {
    const line = nextLine(last!, entry, now);
    const { actor, target } = line;
    yield* affect(
      `INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, detail, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [line.seq, line.at, actor.kind, actor.id, actor.name, line.action, target.kind, target.id, line.detail, line.hash],
    );
    last = line;
  }
  yield* affect('UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1', [last!.seq, last!.hash]);
}

export function* audit(
  _now: Date,
  { actor, action, before }: { actor?: string; action?: string; before?: number },
  size: number,
): Work<AuditLine[]> {
  const conditions: [string, unknown][] = [];
  if (actor !== undefined) conditions.push([/^[0-9a-f-]{36}$/.test(actor) ? 'actor_id = ?' : 'actor_name = ?', actor]);
  if (action !== undefined) conditions.push(['action = ?', action]);
  if (before !== undefined) conditions.push(['seq < ?', before]);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  const found = yield* rows<AuditRow>(`SELECT ${COLUMNS} FROM audit ${where} ORDER BY seq DESC LIMIT ?`, [
    ...conditions.map(([, value]) => value),
    size,
  ]);
  return found.map(toLine);
}

function toLine({ actorKind, actorId, actorName, targetKind, targetId, ...row }: AuditRow): AuditLine {
  return {
    ...row,
    seq: Number(row.seq),
    at: new Date(row.at),
    actor: { kind: actorKind, id: actorId, name: actorName },
    target: { kind: targetKind, id: targetId },
  };
}
