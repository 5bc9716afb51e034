import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { fillDisk } from '../parts/disk.js';
import type { Scenario } from '../scenario.js';
import { folderAt } from '../servers/place.js';
import type { Stage } from '../stage.js';

const LINE = 'some,line,of,a,file\n';
/** More than is left, so that it breaks in the middle. */
const LARGE = LINE.repeat(150_000);
const SMALL = LINE.repeat(100);
const ROUNDS = 4;
const AT_ONCE = 3;

interface Batch {
  batch_id: string;
  finished: boolean;
  records: number;
  tasks: { COMPLETED: number };
}

export default {
  name: 'upload-disk-full',
  faults: [38],
  title: 'the disk for uploads is full in the middle of files; tasks and the rest of the API go on',
  needs: 'embedded',
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const folder = folderAt({ memoryMb: 32 }, 'uploads', stage.scope, stage.folder);
    await stage.deploy({ env: { FILES_URL: `file:${folder}` } });
    const load = stage.client.load({ lines: 2 });
    await stage.until('the load flows', () => load.accepted.length > 20);

    const answers: Response[] = [];
    await stage.fault('the disk is full', async () => {
      const free = fillDisk(folder, 2);
      for (let round = 0; round < ROUNDS; round++) {
        // What fits comes first in its form, and must not stay behind what does not.
        const uploads = Array.from({ length: AT_ONCE }, () => upload(stage, [SMALL, LARGE, SMALL]));
        answers.push(...(await Promise.all(uploads)));
      }
      free();
    });
    const statuses = [...new Set(answers.map(({ status }) => status))];
    stage.claim(`every upload is refused with 507, but the answers were ${statuses.join(', ')}`, statuses.join() === '507');
    stage.claim(
      'each 507 says when to try again',
      answers.every(({ headers }) => headers.has('retry-after')),
    );
    const left = filesIn(folder);
    stage.claim(`nothing of them is left, but there is ${left.join(', ')}`, left.length === 0);
    const { items } = await read<{ items: unknown[] }>(stage, '/api/tasks?type=file.import');
    stage.claim('no task was made of them', items.length === 0);

    const later = await upload(stage, [SMALL, LARGE]);
    stage.claim(`uploads are taken again, but the answer was ${later.status}`, later.status === 202);
    const { batch_id } = (await later.json()) as Batch;
    const batch = () => read<Batch>(stage, `/api/batches/${batch_id}`);
    await stage.until('they are imported', async () => (await batch()).finished, 60_000);
    const { records, tasks } = await batch();
    stage.claim('all their rows are there', records === 150_100 - 2 && tasks.COMPLETED === 2);
    const outcomes = await load.stop();
    stage.claim(
      'tasks are taken all the time',
      outcomes.every(({ status }) => status === 202),
    );
  },
} satisfies Scenario;

async function upload(stage: Stage, contents: readonly string[]): Promise<Response> {
  const form = new FormData();
  for (const [index, content] of contents.entries()) form.append('file', new Blob([content]), `${index}.csv`);
  form.append('options', '{"header":true}');
  return fetch(`${stage.deployment.apis[0]!.url}/api/files`, { method: 'POST', body: form });
}

async function read<T>(stage: Stage, path: string): Promise<T> {
  return (await fetch(stage.deployment.apis[0]!.url + path)).json() as Promise<T>;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
