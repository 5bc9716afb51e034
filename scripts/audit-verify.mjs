// `npm run audit:verify`: reads the whole audit and says whether every line still has the hash that it and the lines before it give.
// `npm run audit:verify -- 41:HASH` also wants line 41 to have this hash: one that was kept elsewhere shows whether all was written anew.
import { existsSync } from 'node:fs';
import { ensureBuilt, ensureInstalled, ensureNode, loadSettings } from './ensure.mjs';

ensureNode();
ensureInstalled();
ensureBuilt();
loadSettings();
const { parseSettings } = await import('../dist/libs/config/src/index.js');
const { AuditCheck } = await import('../dist/libs/access/src/index.js');

const PAGE = 1_000;
const LINES = `SELECT seq, at, actor_kind AS actorKind, actor_id AS actorId, actor_name AS actorName, action,
  target_kind AS targetKind, target_id AS targetId, detail, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`;
const HEAD = 'SELECT seq, hash FROM audit_head WHERE id = 1';

const { databaseUrl } = parseSettings(process.env);
const [seq, hash] = (process.argv[2] ?? '').split(':');
const check = new AuditCheck(hash ? { seq: Number(seq), hash } : undefined);
const database = await (databaseUrl.startsWith('sqlite:') ? openSqlite(databaseUrl.slice(7)) : openMysql(databaseUrl));
try {
  // First: lines that are added meanwhile come after it.
  const [head] = await database.rows(HEAD, []);
  for (let page, last = 0; (page = await database.rows(LINES, [last])).length > 0; last = Number(page.at(-1).seq)) {
    for (const row of page) check.add(lineOf(row));
  }
  check.expect({ seq: Number(head.seq), hash: head.hash });
} finally {
  await database.close();
}
console.log(check.verdict());
process.exitCode = check.problem ? 1 : 0;

function lineOf({ actorKind, actorId, actorName, targetKind, targetId, ...row }) {
  const actor = { kind: actorKind, id: actorId, name: actorName };
  return { ...row, seq: Number(row.seq), at: new Date(row.at), actor, target: { kind: targetKind, id: targetId } };
}

/** Beside the process that has the file for itself: one more reader does no harm. */
async function openSqlite(path) {
  if (!existsSync(path)) {
    console.error(`There is no database at ${path}.`);
    process.exit(1);
  }
  const { default: Libsql } = await import('libsql');
  const file = new Libsql(path, { readonly: true });
  return { rows: async (sql, params) => file.prepare(sql).all(params), close: async () => file.close() };
}

async function openMysql(url) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  return { rows: async (sql, params) => (await connection.query(sql, params))[0], close: () => connection.end() };
}
