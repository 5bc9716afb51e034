import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { deploy } from '../support/deployment.js';
import { freePort } from '../support/ports.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

/** Runs the command line as a user would, in a folder of its own. */
async function taskwell(args: readonly string[], env: Env): Promise<{ code: number | null; out: string; err: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'taskwell-cli-'));
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])) },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await rm(cwd, { recursive: true, force: true });
  return { code, out, err };
}

describe('The command line', () => {
  const scope = scopeOfSuite();
  let env: Env;

  beforeAll(async () => {
    env = { TASKWELL_URL: (await TaskwellProcess.start('api', scope, { PLAIN_TASK_MS: 60_000 })).url };
  }, 90_000);

  it('submits a task and waits for its end', async () => {
    const { code, out } = await taskwell(['submit', 'text.reverse', '{"text":"abc"}', '--watch', '--json'], env);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: 'COMPLETED', result: { text: 'cba' } });
  });

  it('shows, lists, cancels and repeats a task, and ends with 1 for one that did not complete', async () => {
    const id = (await taskwell(['submit', '--title', 'A title', '--description', 'd', '--tag', 'one'], env)).out.trim();

    expect((await taskwell(['get', id], env)).out).toContain('A title');
    expect((await taskwell(['list', '--tag', 'one'], env)).out).toContain(id);
    expect((await taskwell(['cancel', id], env)).out).toContain('CANCELLED');
    expect((await taskwell(['watch', id], env)).code).toBe(1);
    const again = JSON.parse((await taskwell(['retry', id, '--json'], env)).out) as { task_id: string };
    expect(again.task_id).not.toBe(id);
    expect((await taskwell(['logs', id], env)).code).toBe(0);
    expect((await taskwell(['stats'], env)).out).toMatch(/plain\s+\d+/);
  }, 60_000);

  it.each([
    ['a command that does not exist', ['fly'], 2],
    ['an option that does not exist', ['list', '--colour'], 2],
    ['a payload that is no JSON', ['submit', 'text.reverse', '{'], 2],
    ['a task that does not exist', ['get', 'nothing'], 4],
    ['a payload that does not fit', ['submit', 'text.reverse', '{"text":7}'], 4],
  ])('refuses %s', async (_what, args, code) => {
    expect(await taskwell(args, env)).toMatchObject({ code, out: '', err: expect.stringMatching(/\w/) });
  });

  it('says that nobody answers', async () => {
    expect(await taskwell(['list'], { TASKWELL_URL: `http://127.0.0.1:${await freePort()}` })).toMatchObject({ code: 3 });
  });

  it('finds every mistake in the settings, and what to do about it', async () => {
    const { code, out } = await taskwell(['doctor'], { PORT: 'many', LEASE_SECONDS: 0 });

    expect(code).toBe(5);
    expect(out).toMatch(/PORT[\s\S]*LEASE_SECONDS|LEASE_SECONDS[\s\S]*PORT/);
  });

  it('finds nothing wrong where nothing is set', async () => {
    expect(await taskwell(['doctor'], {})).toMatchObject({ code: 0, out: expect.stringContaining('SQLite') });
  });
});

describeWithServers('taskwell doctor', () => {
  const scope = scopeOfSuite();

  it('names what it found of a whole deployment, and what is missing of another', async () => {
    const { env } = await deploy(scope);
    const healthy = await taskwell(['doctor', '--json'], env);
    const parts = healthy.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { part: string; ok: boolean });

    expect(healthy.code).toBe(0);
    expect(parts.map(({ part }) => part)).toEqual([
      'settings',
      'database',
      'schema',
      'clock',
      'broker',
      'topology',
      'files',
      'disk',
    ]);

    const port = await freePort();
    const wrong = {
      ...env,
      DATABASE_URL: `mysql://root@127.0.0.1:${port}/x`,
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      QUEUE_PREFIX: 'nobody',
    };
    const { code, out } = await taskwell(['doctor'], wrong);
    expect(code).toBe(5);
    expect(out).toMatch(/BAD\s+database[\s\S]*BAD\s+topology[\s\S]*BAD\s+mail/);
    expect(out).toContain('DATABASE_URL');
  }, 90_000);

  it('migrates an empty database', async () => {
    const { database } = await deploy(scope, { apis: 0, workers: 0 });

    expect(await taskwell(['migrate'], { DATABASE_URL: database.url })).toMatchObject({ code: 0 });
    expect((await taskwell(['doctor'], { DATABASE_URL: database.url })).out).toMatch(/ok\s+schema/);
  }, 60_000);
});
