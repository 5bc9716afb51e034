import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectS3 } from '@app/files';
import Libsql from 'libsql';
import { dump, type Sql } from '../support/archived.js';
import { QUICK_REPAIR, deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { openBucket } from '../support/s3.js';
import { Scope } from '../support/scope.js';
import { S3_ENDPOINT } from '../support/servers.mjs';
import { describeWithS3, describeWithServers } from '../support/suites.js';

/** More than the rows of two statements that delete, or of two that put back. */
const ROWS = 2_300;
const TASKS = 410;
const WITHIN_MS = 90_000;

/** Where the worker of an archive dies, one death after another. */
const MAKING = [
  'archive_part_stored',
  'archive_part_noted',
  'archive_part_stored',
  'archive_part_noted',
  'archive_manifest_stored',
  'archive_verified',
  'archive_chunk_deleted',
  'archive_chunk_deleted#2',
  'archive_chunk_deleted#4',
];
const PUTTING_BACK = ['restore_chunk_inserted', 'restore_chunk_inserted#3', 'restore_chunk_inserted#6'];

const SETTINGS: Env = {
  ARCHIVE_DELETE: 'true',
  ARCHIVE_POLL_SECONDS: 1,
  DATABASE_TIMEOUT_MS: 1_000,
  PLAIN_TASK_MS: 0,
  MAX_CRASHES: 50,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

async function call(url: string, path: string, body?: object): Promise<Json> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url + path, body ? post : {});
  const json: Json = await answer.json();
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

/** Fills a Taskwell with rows that have all ended, and answers the period that they ended in. */
async function fill(url: string): Promise<{ from: string; to: string }> {
  const from = new Date(Date.now() - 60_000).toISOString();
  const form = new FormData();
  form.append('dataset', 'people');
  const lines = Array.from(
    { length: ROWS },
    (_, index) => `{"id":${index + 1},"big":12345678901234567890,"text":"ü 👩‍🚀 \\u0001"}\n`,
  );
  form.append('file', new Blob(lines), 'people.ndjson');
  const { batch_id } = (await (await fetch(`${url}/api/files`, { method: 'POST', body: form })).json()) as { batch_id: string };
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    title: `Task ${index}`,
    description: 'ü',
    metadata: { index, at: '2026-04-01T00:00:00Z', none: null },
    tags: ['a', `t${index % 7}`],
  }));
  await call(url, '/api/tasks/batch', { tasks });
  await eventually('the file is imported', async () => (await call(url, `/api/batches/${batch_id}`)).finished, {
    within: WITHIN_MS,
  });
  await eventually(
    'all tasks have ended',
    async () => (await call(url, '/api/tasks?status=PENDING,PROCESSING')).items.length === 0,
    { within: WITHIN_MS },
  );
  return { from, to: new Date(Date.now()).toISOString() };
}

const untilFinal = (url: string, id: string) =>
  eventually(
    `task ${id} is final`,
    async () => {
      const task = await call(url, `/api/tasks/${id}`);
      return ['COMPLETED', 'FAILED', 'CANCELLED'].includes(task.status) && task;
    },
    { within: WITHIN_MS, every: 100 },
  );

/** A Taskwell whose worker can be made to die. */
interface Mortal {
  url: () => string;
  sql: Sql;
  /** Lets one worker after another run until it dies at its fail point, and then one that lives. */
  outlive: (failPoints: readonly string[]) => Promise<void>;
}

/** Archives with a death at every step, puts back with a death at every step, and compares all rows. */
async function archiveAndRestore(
  { url, sql, outlive }: Mortal,
  deaths: { making: readonly string[]; puttingBack: readonly string[] },
  whileGone?: (archive: Json) => Promise<void>,
): Promise<void> {
  const period = await fill(url());
  const whole = await dump(sql);
  expect(whole.records).toHaveLength(ROWS);

  const { archive_id: id } = await call(url(), '/api/archives', period);
  await outlive(deaths.making);
  expect(await untilFinal(url(), id)).toMatchObject({ status: 'COMPLETED', result: { deleted: ROWS + TASKS + 1 } });
  const archive = await call(url(), `/api/archives/${id}`);
  expect(archive).toMatchObject({ status: 'COMPLETED', rows: { records: ROWS, tasks: TASKS + 1 } });
  expect(await dump(sql)).toMatchObject({ records: [], tasks: [], tags: [] });
  await whileGone?.(archive);

  const { task_id } = await call(url(), `/api/archives/${id}/restore`, {});
  await outlive(deaths.puttingBack);
  expect(await untilFinal(url(), task_id)).toMatchObject({ status: 'COMPLETED' });
  expect(await call(url(), `/api/archives/${id}`)).toMatchObject({ status: 'RESTORED', restored: ROWS + TASKS + 1 });
  expect(await dump(sql)).toEqual(whole);
}

let scope: Scope;
beforeEach(() => {
  scope = new Scope();
});
afterEach(() => scope.end(), 60_000);

describe('An archive of one process', () => {
  it('loses and doubles nothing although the process dies at every step', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'taskwell.db');
    const env: Env = {
      ...SETTINGS,
      DATABASE_URL: `sqlite:${path}`,
      FILES_URL: `file:${join(folder, 'files')}`,
      ARCHIVE_URL: `file:${join(folder, 'archive')}`,
      LEASE_SECONDS: 2,
      SWEEP_SECONDS: 1,
    };
    let process = await TaskwellProcess.start('api', scope, env);
    const beside = new Libsql(path, { timeout: 5_000 });
    scope.onEnd(() => beside.close());
    const outlive = async (failPoints: readonly string[]) => {
      await process.kill();
      for (const FAIL_POINTS of failPoints) {
        const doomed = await TaskwellProcess.spawn('api', scope, { ...env, FAIL_POINTS });
        expect((await doomed.ended).signal).toBe('SIGKILL');
      }
      process = await TaskwellProcess.start('api', scope, env);
    };
    const sql: Sql = async (text) => beside.prepare(text).all() as Record<string, unknown>[];

    await archiveAndRestore({ url: () => process.url, sql, outlive }, { making: MAKING, puttingBack: PUTTING_BACK });
  }, 600_000);

  it('is made by one schedule, however often it starts, with the terms of the settings', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const schedulesOf = async (env: Env) => {
      const process = await TaskwellProcess.start('api', scope, {
        DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
        ...env,
      });
      const found = await eventually('there is a schedule', async () => {
        const { items } = await call(process.url, '/api/schedules');
        return items.length > 0 && items[0].cron.endsWith(String(env['CRON_END'])) && items;
      });
      await process.stop();
      return found;
    };

    const first = await schedulesOf({ FISCAL_TIME_ZONE: 'Europe/Berlin', CRON_END: '1 4 *' });
    expect(first).toMatchObject([
      { cron: '0 0 1 4 *', time_zone: 'Europe/Berlin', task: { type: 'archive.year' }, status: 'ACTIVE' },
    ]);
    expect(first[0].next_at).toMatch(/-03-31T22:00:00.000Z$/);
    const second = await schedulesOf({ FISCAL_YEAR_START: '07-01', FISCAL_TIME_ZONE: 'Asia/Tokyo', CRON_END: '1 7 *' });
    expect(second).toMatchObject([{ schedule_id: first[0].schedule_id, cron: '0 0 1 7 *', time_zone: 'Asia/Tokyo' }]);
  }, 120_000);
});

describeWithServers('An archive of several processes', () =>
  describeWithS3('in S3', () => {
    it('loses and doubles nothing although workers die at every step, and is asleep until it is restored', async () => {
      const bucket = await openBucket();
      scope.onEnd(bucket.remove);
      const deployment = await deploy(scope, {
        env: { ...QUICK_REPAIR, ...SETTINGS, ARCHIVE_URL: `s3://${bucket.name}/years`, S3_ENDPOINT },
      });
      const { url } = deployment.apis[0]!;
      let worker = deployment.workers[0]!;
      const client = await connectS3({ s3Endpoint: S3_ENDPOINT, s3Region: 'us-east-1' });
      scope.onEnd(() => client.destroy());

      const outlive = async (failPoints: readonly string[]) => {
        await worker.kill();
        for (const FAIL_POINTS of failPoints) {
          const doomed = await TaskwellProcess.spawn('worker', scope, { ...deployment.env, FAIL_POINTS });
          expect((await doomed.ended).signal).toBe('SIGKILL');
        }
        worker = await TaskwellProcess.start('worker', scope, deployment.env);
      };

      await archiveAndRestore(
        { url: () => url, sql: (text) => deployment.database.rows(text), outlive },
        { making: MAKING, puttingBack: ['restore_asked', ...PUTTING_BACK] },
        async ({ files, manifest }) => {
          for (const { key, size } of files) {
            const object = { Bucket: bucket.name, Key: `years/${key}` };
            expect(await client.send(new HeadObjectCommand(object))).toMatchObject({
              StorageClass: 'GLACIER',
              ContentLength: size,
            });
            const refused = await client.send(new GetObjectCommand(object)).catch((error: Error) => error);
            expect(refused).toMatchObject({ name: 'InvalidObjectState', $metadata: { httpStatusCode: 403 } });
          }
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket.name, Key: `years/${manifest}` }));
          const { tables } = JSON.parse(await Body!.transformToString());
          expect(tables.records.rows).toBe(ROWS);
        },
      );
    }, 900_000);
  }),
);
