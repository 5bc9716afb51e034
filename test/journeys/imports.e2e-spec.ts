import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QUICK_REPAIR, deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { largeCsv, sampleFile, type SampleFile } from '../support/import-files.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Scope } from '../support/scope.js';
import { describeWithServers } from '../support/suites.js';

const ROWS = 40_000;
const WITHIN_MS = 60_000;

/** Uploads files and answers the id of their batch. */
async function upload(url: string, dataset: string, files: readonly Pick<SampleFile, 'name' | 'content'>[]): Promise<string> {
  const form = new FormData();
  form.append('dataset', dataset);
  for (const { name, content } of files) form.append('file', new Blob([content]), name);
  const response = await fetch(`${url}/api/files`, { method: 'POST', body: form });
  const answer = (await response.json()) as { batch_id: string };
  expect({ status: response.status, answer }).toMatchObject({ status: 202 });
  return answer.batch_id;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function read(url: string, path: string): Promise<any> {
  return (await fetch(url + path)).json();
}

async function allOf(url: string, path: string): Promise<{ row: number; file: string; line: number; data: { id: string } }[]> {
  const items = [];
  for (let token = ''; ;) {
    const page = await read(url, `${path}?page_size=200${token && `&page_token=${token}`}`);
    items.push(...page.items);
    if (page.next_page_token === null) return items;
    token = page.next_page_token;
  }
}

const untilFinished = (url: () => string, batch: string) =>
  eventually(
    'the batch is finished',
    async () => {
      const found = await read(url(), `/api/batches/${batch}`);
      return found.finished === true && found;
    },
    { within: WITHIN_MS, every: 100 },
  );

/** Every row that was in the file is there, once. */
async function expectAllRows(url: string, dataset: string): Promise<void> {
  const response = await fetch(`${url}/api/datasets/${dataset}/download`);
  const ids = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => Number((JSON.parse(line) as { id: string }).id));
  expect(ids).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
  expect(await read(url, `/api/datasets/${dataset}`)).toMatchObject({ records: ROWS, errors: 0 });
}

describe('Imports in one process', () => {
  let scope: Scope;
  let folder: string;

  beforeEach(async () => {
    scope = new Scope();
    folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  });
  afterEach(() => scope.end(), 60_000);

  const start = (env: Env = {}) =>
    TaskwellProcess.start('api', scope, {
      DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
      FILES_URL: `file:${join(folder, 'files')}`,
      LEASE_SECONDS: 5,
      SWEEP_SECONDS: 1,
      MAX_CRASHES: 10,
      ...env,
    });

  it('makes 200 files of all formats into rows, and names every bad one by its line', async () => {
    const { url } = await start();
    const files = Array.from({ length: 200 }, (_, index) => sampleFile(index));

    const batch = await untilFinished(() => url, await upload(url, 'mixed', files));

    expect(batch.tasks).toEqual({ PENDING: 0, PROCESSING: 0, COMPLETED: 200, FAILED: 0, CANCELLED: 0 });
    expect(batch.bytes.done).toBe(batch.bytes.total);
    for (const [index, { name, records, badLines }] of files.entries()) {
      expect(batch.items[index]).toMatchObject({ file: name, records, errors: badLines.length });
    }
    const expected = files.flatMap(({ name, badLines }) => badLines.map((line) => `${name}: ${line}`));
    const reported = (await allOf(url, '/api/datasets/mixed/errors')).map(({ file, line }) => `${file}: ${line}`);
    expect(reported.toSorted()).toEqual(expected.toSorted());
    expect(await allOf(url, '/api/datasets/mixed/records')).toHaveLength(batch.records);
    // What became rows is not kept a second time.
    expect(await readdir(join(folder, 'files', 'uploads'))).toEqual([]);
  }, 120_000);

  it('refuses files that are no tables, each with its reason, and keeps nothing of them', async () => {
    const { url } = await start();
    const files = [
      { name: 'a.csv', content: Buffer.from('GIF89a/*...*/=1;alert(1)'), reason: 'a GIF image' },
      {
        name: 'b.xml',
        content: Buffer.from('<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1/">]><a><b>&e;</b></a>'),
        reason: 'DOCTYPE',
      },
      { name: 'c.xlsx', content: Buffer.from('PK\x03\x04'), reason: 'ZIP archive' },
    ];
    const batch = await untilFinished(() => url, await upload(url, 'refused', files));

    expect(batch.tasks).toMatchObject({ FAILED: 3 });
    for (const [index, { reason }] of files.entries()) {
      const task = await read(url, `/api/tasks/${batch.items[index].task_id}`);
      expect(task.error).toMatchObject({ kind: 'rejected', message: expect.stringContaining(reason) });
      expect(task.attempt).toBe(1);
    }
    expect(await readdir(join(folder, 'files', 'uploads'))).toEqual([]);
  }, 60_000);

  it('writes every row once although the process dies three times', async () => {
    let process = await start({ FAIL_POINTS: 'mid_effect#10' });
    const batch = await upload(process.url, 'large', [{ name: 'large.csv', content: largeCsv(ROWS) }]);
    for (let deaths = 1; deaths <= 3; deaths++) {
      await process.ended;
      process = await start(deaths < 3 ? { FAIL_POINTS: 'mid_effect#10' } : {});
    }

    expect(await untilFinished(() => process.url, batch)).toMatchObject({ tasks: { COMPLETED: 1 }, records: ROWS, errors: 0 });
    await expectAllRows(process.url, 'large');
  }, 120_000);
});

describeWithServers('Imports by several workers', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });
  afterEach(() => scope.end(), 60_000);

  it('write every row once although the worker is killed three times', async () => {
    const deployment = await deploy(scope, { workers: 0, env: { ...QUICK_REPAIR, MAX_CRASHES: 10 } });
    const { url } = deployment.apis[0]!;
    const batch = await upload(url, 'large', [{ name: 'large.csv', content: largeCsv(ROWS) }]);
    for (let deaths = 1; deaths <= 3; deaths++) {
      const worker = await TaskwellProcess.start('worker', scope, { ...deployment.env, FAIL_POINTS: 'mid_effect#4' });
      await worker.ended;
    }
    await TaskwellProcess.start('worker', scope, deployment.env);

    expect(await untilFinished(() => url, batch)).toMatchObject({ tasks: { COMPLETED: 1 }, records: ROWS, errors: 0 });
    await expectAllRows(url, 'large');
    const [task] = await deployment.database.rows<{ attempt: number }>('SELECT attempt FROM {db}.tasks');
    expect(task!.attempt).toBe(4);
  }, 180_000);
});
