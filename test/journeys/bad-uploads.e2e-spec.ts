import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { badUploads, type Sent } from '../support/bad-uploads.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess } from '../support/processes.js';
import { scopeOfSuite } from '../support/suite-scope.js';

interface Answer {
  status: number;
  body: { batch_id?: string; dataset?: string; items?: { task_id: string; file: string }[] };
}

describe('An upload that must do no harm', () => {
  const scope = scopeOfSuite();
  let folder: string;
  let api: TaskwellProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    api = await TaskwellProcess.start('api', scope, {
      DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
      FILES_URL: `file:${join(folder, 'files')}`,
      REQUEST_TIMEOUT_SECONDS: 2,
      TMPDIR: folder,
    });
  });

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const read = async (path: string): Promise<any> => (await fetch(api.url + path)).json();

  it.each(badUploads().map((one) => [`${one.id}: ${one.name}`, one] as const))(
    '%s',
    async (_name, one) => {
      const { status = 202, ends, says, shown, rows, badLines = [] } = one;
      const answer = await send(api.url, one);

      expect(answer.status).toBe(status);
      if (status === 202) {
        const [item] = answer.body.items!;
        if (shown !== undefined) expect(item!.file).toBe(shown);
        const task = await eventually(
          'the task has ended',
          async () => {
            const found = await read(`/api/tasks/${item!.task_id}`);
            return found.completed_at !== null && found;
          },
          { within: 30_000 },
        );
        if (ends) expect(task).toMatchObject({ status: ends, attempt: 1 });
        if (says) expect(task.error).toMatchObject({ kind: 'rejected', message: expect.stringContaining(says) });
        const dataset = `/api/datasets/${answer.body.dataset}`;
        if (rows?.length) {
          expect((await read(`${dataset}/records`)).items.map(({ data }: { data: unknown }) => data)).toEqual(rows);
          expect((await read(`${dataset}/errors`)).items.map(({ line }: { line: number }) => line)).toEqual(badLines);
        }
      }
      expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
      await eventually('nothing is left', async () => left().length === 0, { within: 10_000 });
    },
    60_000,
  );

  /** Files of uploads, and unpacked ones. */
  function left(): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('taskwell.db'))
      .map(({ parentPath, name }) => join(parentPath, name));
  }
});

async function send(url: string, { file, body, headers }: Sent): Promise<Answer> {
  if (file) {
    const form = new FormData();
    form.append('file', new Blob([Buffer.from(file.content)]), file.name);
    const response = await fetch(`${url}/api/files`, { method: 'POST', body: form });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/api/files`, { method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode!, body: {} }));
    });
    outgoing.on('error', reject);
    if (headers?.['content-length']) outgoing.write(body);
    else outgoing.end(body);
  });
}
