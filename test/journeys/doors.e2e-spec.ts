import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { acting } from '../e2e/acting.js';
import { reading } from '../e2e/reading.js';
import { submitting } from '../e2e/submitting.js';
import { Api, plainTask } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Scope } from '../support/scope.js';
import { scopeOfSuite } from '../support/suite-scope.js';

const PASSWORD = 'correct horse battery';
const ROOT = join(import.meta.dirname, '../..');
const OWN = { 'sec-fetch-site': 'same-origin' };

async function adminOf(api: Api, name = 'admin') {
  const answer = await api.post('/api/session', { name, password: PASSWORD });
  expect(answer.status).toBe(200);
  return { cookie: String(answer.headers['set-cookie']).split(';', 1)[0]!, ...OWN };
}

async function keyOf(api: Api, scopes: string[]): Promise<string> {
  const made = await api.post<{ key: string }>('/api/keys', { name: 'k', scopes }, await adminOf(api));
  return made.body.key;
}

describe('Doors', () => {
  let scope: Scope;
  let database: string;
  beforeEach(async () => {
    scope = new Scope();
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    database = join(folder, 'tasks.db');
  });
  afterEach(() => scope.end(), 60_000);

  const start = (env: Env) => TaskwellProcess.start('api', scope, { DATABASE_URL: `sqlite:${database}`, ...env });

  it('do not open in production before there is an admin', async () => {
    const refused = await TaskwellProcess.spawn('api', scope, { DATABASE_URL: `sqlite:${database}`, NODE_ENV: 'production' });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.output).toContain('ADMIN_PASSWORD');

    const first = await start({ NODE_ENV: 'production', ADMIN_PASSWORD: PASSWORD });
    await adminOf(new Api(first.url));
    await first.stop();
    const api = new Api((await start({ NODE_ENV: 'production' })).url);
    expect((await api.submit(plainTask())).status).toBe(401);
    expect((await api.submit(plainTask(), await adminOf(api))).status).toBe(202);
  });

  it('are set up once, by the link in the log, where others can reach them', async () => {
    const process = await start({ HOST: '0.0.0.0' });
    const api = new Api(process.url);
    const token = await eventually('the link is there', () => /\/setup#token=([\w-]+)/.exec(process.output)?.[1]);
    const setUp = (name: string) => api.post('/api/setup', { token, name, password: PASSWORD });

    expect((await api.submit(plainTask())).status).toBe(503);
    expect((await setUp('root')).status).toBe(201);
    expect((await setUp('second')).status).toBe(403);
    expect((await api.submit(plainTask())).status).toBe(401);
    expect((await api.submit(plainTask(), await adminOf(api, 'root'))).status).toBe(202);
    expect(process.output.match(/#token=/g)).toHaveLength(1);
  });

  it('let requests without a key do what ANONYMOUS_SCOPES names, and say so', async () => {
    const process = await start({ ADMIN_PASSWORD: PASSWORD, ANONYMOUS_SCOPES: 'tasks:submit' });
    const api = new Api(process.url);

    expect((await api.submit(plainTask())).status).toBe(202);
    expect((await api.get('/api/tasks')).status).toBe(401);
    expect(process.output).toContain('ANONYMOUS_SCOPES');
  });

  it('write no key and no password into the log', async () => {
    const process = await start({ ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'trace' });
    const api = new Api(process.url);
    const key = await keyOf(api, ['tasks:submit']);
    const headers = { authorization: `Bearer ${key}` };
    await api.submit(plainTask({ payload: { password: 'hunter22' } }), headers);
    await api.get(`/api/tasks?api_key=${key}`);
    await api.get(`/api/nothing/${key}`, headers);
    await api.post('/api/tasks', `{"title": "${key}`, { ...headers, 'content-type': 'application/json' });
    await api.post('/api/session', { name: 'admin', password: 'hunter22' });
    await process.stop();

    expect(process.output).not.toMatch(new RegExp(`${key}|${key.slice(3, 30)}|hunter22|${PASSWORD}`));
  });

  it('keep an audit of which nothing can be changed unseen', async () => {
    const process = await start({ ADMIN_PASSWORD: PASSWORD });
    const api = new Api(process.url);
    await keyOf(api, ['tasks:read']);
    const verify = (...args: string[]) =>
      spawnSync('node', [join(ROOT, 'scripts/audit-verify.mjs'), ...args], {
        encoding: 'utf8',
        env: { PATH: globalThis.process.env.PATH, DATABASE_URL: `sqlite:${database}` },
      });
    const good = verify();
    const last = /\d+:[0-9a-f]{64}/.exec(good.stdout)![0];
    expect(good.status).toBe(0);
    expect(verify(last).status).toBe(0);
    expect(verify(last.replace(/.$/, 'x')).status).toBe(1);
    await process.stop();

    const tamper = (sql: string) => {
      const file = new Libsql(database);
      file.exec(sql);
      file.close();
    };
    tamper(`UPDATE audit SET actor_name = 'nobody' WHERE seq = 2`);
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining('Line 2') });
    tamper('DELETE FROM audit WHERE seq > 1');
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining('missing') });
  });
});

describe('The contract, with a key', () => {
  const scope = scopeOfSuite();
  const api = new Api();

  beforeAll(async () => {
    const process = await TaskwellProcess.start('api', scope, { ADMIN_PASSWORD: PASSWORD, PLAIN_TASK_MS: 600 });
    api.moveTo(process.url);
    api.always = { authorization: `Bearer ${await keyOf(api, ['tasks:submit', 'tasks:read', 'tasks:act'])}` };
  }, 90_000);

  describe('submitting', () => submitting(api));
  describe('reading', () => reading(api));
  describe('acting', () => acting(api));
});
