import type { Actor, AuditEntry } from './audit.js';
import type { Principal } from './principal.js';

/** An entry about a target whose kind is the first part of the action. */
export function entryOf(actor: Actor, action: string, id: string | null, detail: object = {}): AuditEntry {
  return { actor, action, target: { kind: action.split('.', 1)[0]!, id }, detail: JSON.stringify(detail) };
}

export function actorOf({ kind, id, name }: Principal): Actor {
  return { kind, id, name };
}
