import { existsSync } from 'node:fs';
import { ensureBuilt, ensureInstalled, ensureNode, loadSettings } from './ensure.mjs';

/** The secrets of the settings, or the one that Taskwell made and keeps in its database. Ends the process with a clear line if there is none. */
export async function readCallbackSecrets() {
  ensureNode();
  ensureInstalled();
  ensureBuilt();
  loadSettings();
  const { parseSettings } = await import('../dist/libs/config/src/index.js');
  const settings = parseSettings(process.env);
  const secrets = settings.callbackSecret || (await keptSecret(settings.databaseUrl));
  return secrets.split(/[\s,]+/).filter(Boolean);
}

async function keptSecret(databaseUrl) {
  try {
    const secret = databaseUrl.startsWith('sqlite:') ? await fromSqlite(databaseUrl.slice(7)) : await fromMysql(databaseUrl);
    if (secret) return secret;
  } catch (error) {
    console.error(`The database cannot be read: ${error.message}`);
    process.exit(1);
  }
  console.error('There is no secret yet: start Taskwell once.');
  process.exit(1);
}

const QUERY = `SELECT secret FROM secrets WHERE name = 'callback'`;

/** Beside the process that has the file for itself: one more reader does no harm. */
async function fromSqlite(path) {
  if (!existsSync(path)) return undefined;
  const { default: Libsql } = await import('libsql');
  const database = new Libsql(path, { readonly: true });
  try {
    return database.prepare(QUERY).get()?.secret;
  } finally {
    database.close();
  }
}

async function fromMysql(url) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(QUERY);
    return rows[0]?.secret;
  } finally {
    await connection.end();
  }
}
