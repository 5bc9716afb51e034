import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Api, reverseTask } from '../support/api.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Scope } from '../support/scope.js';

const BROKER = 'amqp://guest:guest@127.0.0.1:5672';

/** What Taskwell says before it serves: it starts, or it says why not. */
describe('Starting', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope.end(), 60_000);

  /** Starts a process that must not start; answers what it said. */
  const refusal = async (app: 'api' | 'worker', env: Env) => {
    const process = await TaskwellProcess.spawn(app, scope, env);
    expect(await process.ended).toEqual({ code: 1, signal: null });
    expect(process.output).not.toMatch(/^\s+at /m);
    return process.output;
  };

  /** A folder in which this user may not write; root may write everywhere but in /proc. */
  const readOnlyFolder = async () => {
    if (process.getuid?.() === 0) return '/proc';
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o555);
    return folder;
  };

  it('needs no setting at all', async () => {
    const api = new Api((await TaskwellProcess.start('api', scope)).url);

    expect(await api.untilFinal(await api.submitted(reverseTask('abc')))).toMatchObject({ result: { text: 'cba' } });
  }, 60_000);

  it('is up again within three seconds on the data it has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const env: Env = { DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` };
    const boots: number[] = [];
    for (let n = 0; n < 4; n++) {
      const startedAt = performance.now();
      const process = await TaskwellProcess.start('api', scope, env);
      boots.push(Math.round(performance.now() - startedAt));
      await process.stop();
    }
    process.stdout.write(`Boot of the embedded process, in ms: ${boots.join(', ')}\n`);

    expect(Math.min(...boots.slice(1))).toBeLessThan(3_000);
  }, 60_000);

  it('lists every wrong setting at once', async () => {
    const output = await refusal('api', {
      PORT: 'http',
      LOG_LEVEL: 'loud',
      LEASE_SECONDS: 1,
      QUEUE_PREFIX: 'Ümlaut',
      PLAIN_TASK_MS: -1,
      DATABASE_URL: 'postgres://localhost/x',
      TRANSPORT_URL: 'kafka:9092',
    });

    for (const key of ['PORT', 'LOG_LEVEL', 'LEASE_SECONDS', 'QUEUE_PREFIX', 'PLAIN_TASK_MS', 'DATABASE_URL', 'TRANSPORT_URL']) {
      expect(output).toContain(key);
    }
  }, 60_000);

  it.each<[string, Env]>([
    ['a port of the wrong kind', { PORT: '80.5', DATABASE_URL: 'mysql://root:s3cret@', TRANSPORT_URL: 'http://u:s3cret@x' }],
    [
      'a lease shorter than the heartbeat',
      { LEASE_SECONDS: 5, AMQP_HEARTBEAT_SECONDS: 5, TRANSPORT_URL: BROKER, DATABASE_URL: 'mysql://u:s3cret@127.0.0.1/x' },
    ],
    ['a lease shorter than two trips to the database', { LEASE_SECONDS: 4, DATABASE_TIMEOUT_MS: 2_500 }],
    ['a broker beside SQLite', { TRANSPORT_URL: BROKER }],
    ['a secret given twice', { DATABASE_URL: 'sqlite:x.db', DATABASE_URL_FILE: '/dev/null' }],
    ['a secret file that is missing', { TRANSPORT_URL_FILE: '/no/such/file' }],
  ])(
    'refuses %s, and shows no password',
    async (_name, env) => {
      const output = await refusal('api', env);

      expect(output).toMatch(/Taskwell did not start/);
      expect(output).not.toContain('s3cret');
    },
    60_000,
  );

  it.each<[string, Env]>([
    ['has nothing to share tasks by', {}],
    ['does not know the database', { TRANSPORT_URL: BROKER }],
  ])(
    'refuses a worker that %s, with a line that names DATABASE_URL',
    async (_name, env) => {
      expect(await refusal('worker', env)).toMatch(/DATABASE_URL/);
    },
    60_000,
  );

  it('says clearly that it cannot write its data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'file'), '');

    expect(await refusal('api', { DATABASE_URL: `sqlite:${join(folder, 'file', 'taskwell.db')}` })).toContain(
      join(folder, 'file'),
    );
  }, 60_000);

  it('says clearly that its folder is read-only', async () => {
    const folder = await readOnlyFolder();

    expect(await refusal('api', { DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` })).toContain(folder);
  }, 60_000);

  it('says clearly that the file is no database', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'taskwell.db');
    await writeFile(path, 'This is a letter to a friend. '.repeat(500));

    expect(await refusal('api', { DATABASE_URL: `sqlite:${path}` })).toMatch(/not a database|taskwell\.db/);
  }, 60_000);

  it('says clearly that the port is taken', async () => {
    const first = await TaskwellProcess.start('api', scope);

    expect(await refusal('api', { PORT: new URL(first.url).port })).toMatch(/EADDRINUSE|in use/);
  }, 60_000);
});
