import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from '@readme/openapi-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { fail, type TaskIn } from '@app/tasks';
import { RecordStore } from '@app/records';
import { get, openDoor, post, send, type Answer, type Door } from './door.js';

let door: Door;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
let document: any;
const ajv = new Ajv2020({ strict: false, allErrors: true });
// eslint-disable-next-line @typescript-eslint/no-explicit-any
((formats.default as any).default ?? formats.default)(ajv);

beforeAll(async () => {
  door = await openDoor();
  document = (await get(door, '/openapi.json')).body;
  ajv.addSchema(document, 'openapi');
});
afterAll(() => door.close());

const plain = { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } };

const CALCULATIONS = { message: [{ name: 'a', num_1: '1', num_2: 2, operation: '*', result_rounding: 0 }] };

/** Everything in which an answer departs from what the document says about its route. */
function departures(method: string, path: string, { status, headers, body }: Answer): string[] {
  const said = document.paths[path]?.[method]?.responses[status];
  if (!said) return [`${status} is not documented`];
  const media = headers.get('content-type')?.split(';')[0];
  const missing = Object.keys(said.headers ?? {}).filter((name) => name === 'X-Request-Id' && !headers.has(name));
  if (!said.content) return body === '' ? missing : ['a body is not documented'];
  const schema = said.content[media!]?.schema;
  if (!schema) return [`${media} is not documented`];
  const check = ajv.compile({ $ref: `openapi${schema.$ref}` });
  check(body);
  return [...missing, ...(check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)];
}

/** Whether the document allows a request body. */
function allows(path: string, body: unknown): boolean {
  const { schema } = document.paths[path].post.requestBody.content['application/json'];
  return ajv.compile({ $ref: `openapi${schema.$ref}` })(body);
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI document', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(await validate(structuredClone(document))).toMatchObject({ valid: true });
  });

  it('names every operation once', () => {
    const operations = Object.values(document.paths as object).flatMap((path) => Object.values(path as object));
    const ids = operations.map((operation: { operationId: string }) => operation.operationId);

    expect(ids.toSorted()).toEqual([
      'actOnTasks',
      'calculate',
      'cancelTask',
      'changePassword',
      'changeSchedule',
      'changeUser',
      'createArchive',
      'createKey',
      'createSchedule',
      'createUser',
      'deleteKey',
      'deleteSchedule',
      'deleteUser',
      'downloadDataset',
      'drainWorker',
      'explainTask',
      'fetchUrls',
      'followAll',
      'followTask',
      'getAction',
      'getArchive',
      'getBatch',
      'getDataset',
      'getFile',
      'getSchedule',
      'getSession',
      'getStats',
      'getStatsNow',
      'getTask',
      'getType',
      'listArchives',
      'listAttempts',
      'listAudit',
      'listCallbacks',
      'listDatasets',
      'listFiles',
      'listKeys',
      'listLogs',
      'listQueues',
      'listRecordErrors',
      'listRecords',
      'listSchedules',
      'listTasks',
      'listTypes',
      'listUsers',
      'listWorkers',
      'livez',
      'logIn',
      'logOut',
      'metrics',
      'onboard',
      'openSocket',
      'pauseQueue',
      'pauseSchedule',
      'readyz',
      'redeliverCallback',
      'restoreArchive',
      'resumeQueue',
      'resumeSchedule',
      'retryTask',
      'runSchedule',
      'setUp',
      'submitTask',
      'submitTasks',
      'uploadFiles',
    ]);
  });

  it('is shown at /docs', async () => {
    const page = await get(door, '/docs');

    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Taskwell API') });
  });
});

describe('the document', () => {
  it('tells the truth about the answers of every route', async () => {
    const key = { 'idempotency-key': 'k' };
    const submitted = await post(door, '/api/tasks', { ...plain, tags: ['a'], timeout_seconds: 5 });
    const id = submitted.body.task_id as string;
    const [claimed] = await door.store.claim([id], { workerId: 'w', leaseMs: 30_000, types: ['plain'] });
    const lines = [1, 2].map((line) => ({ line, level: 'info' as const, message: `line ${line}`, agoMs: 0 }));
    await door.store.report([{ lease: { id, attempt: 1 }, progress: '{"current":1,"total":null,"message":null}', lines }]);
    const file = { name: 'f', mediaType: 'text/plain', size: 1, sha256: 'a'.repeat(64), storageKey: 'k' };
    await door.store.keepFile({ id, attempt: 1 }, file);
    const files = await get(door, `/api/tasks/${id}/files`);
    const processing = await get(door, `/api/tasks/${id}`);
    const failure = { kind: 'error', message: 'no luck', attempt: 1 } as const;
    await door.store.settle([fail(claimed as TaskIn<'PROCESSING'>, failure, { retryable: false })]);
    const other = (await post(door, '/api/tasks', plain, key)).body.task_id as string;
    await door.finish(other, { any: ['result'] });
    const told = (await post(door, '/api/tasks', { ...plain, callback_url: 'https://example.com/' })).body.task_id as string;
    await door.finish(told);
    const found = await get(door, `/api/tasks/${id}`);

    const schedule = await post(door, '/api/schedules', { cron: '@daily', task: plain, ends_at: '2999-01-01T00:00:00Z' });
    const scheduleId = schedule.body.schedule_id as string;
    const change = (body: object) =>
      send(door, 'PATCH', `/api/schedules/${scheduleId}`, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });

    const form = new FormData();
    form.append('dataset', 'set');
    form.append('file', new Blob(['a,b']), 'a.csv');
    const uploaded = await send(door, 'POST', '/api/files', { body: form });
    const importId = uploaded.body.items[0].task_id as string;
    await door.store.claim([importId], { workerId: 'w', leaseMs: 30_000, types: ['file.import'] });
    const records = door.app.get(RecordStore);
    const lease = { id: importId, attempt: 1 };
    const { number } = await records.begin(lease, { dataset: 'set', source: 's', name: 'a.csv', size: 3 });
    const errors = [1, 2].map((row) => ({ row, line: 1, reason: 'r', text: 't' }));
    const rows = ['{"a":1}', '{"a":2}'];
    await records.append(lease, number, { after: 0, to: 4, numbers: [3, 4], rows, errors, fields: ['a'] }, 3);

    const begun = await post(door, '/api/actions', { action: 'retry', task_ids: [id] });

    const answers: [string, string, Answer][] = [
      ['post', '/api/files', uploaded],
      ['post', '/api/files', await post(door, '/api/files', {})],
      ['get', '/api/batches/{batch_id}', await get(door, `/api/batches/${uploaded.body.batch_id}`)],
      ['get', '/api/batches/{batch_id}', await get(door, '/api/batches/1')],
      ['get', '/api/datasets', await get(door, '/api/datasets')],
      ['get', '/api/datasets/{dataset_id}', await get(door, '/api/datasets/set')],
      ['get', '/api/datasets/{dataset_id}', await get(door, '/api/datasets/none')],
      ['get', '/api/datasets/{dataset_id}/records', await get(door, '/api/datasets/set/records?page_size=1')],
      ['get', '/api/datasets/{dataset_id}/records', await get(door, '/api/datasets/set/records?field=a')],
      ['get', '/api/datasets/{dataset_id}/errors', await get(door, '/api/datasets/set/errors?page_size=1')],
      ['get', '/api/datasets/{dataset_id}/download', await get(door, '/api/datasets/none/download')],
      ['post', '/api/tasks', submitted],
      ['post', '/api/tasks', await post(door, '/api/tasks', plain, { ...key })],
      ['post', '/api/tasks', await post(door, '/api/tasks', { ...plain, title: 'other' }, key)],
      ['post', '/api/tasks', await post(door, '/api/tasks', '{')],
      ['post', '/api/tasks', await post(door, '/api/tasks', { type: 'no' })],
      ['post', '/api/tasks', await post(door, '/api/tasks', { type: 'text.reverse', payload: { text: 1 } })],
      ['post', '/api/tasks', await send(door, 'POST', '/api/tasks', { body: 'x' })],
      ['post', '/api/tasks', await post(door, '/api/tasks', 'x'.repeat(door.settings.maxBodyBytes + 1))],
      ['post', '/api/tasks/batch', await post(door, '/api/tasks/batch', { tasks: [plain, plain] })],
      ['post', '/api/tasks/batch', await post(door, '/api/tasks/batch', { tasks: [] })],
      ['get', '/api/tasks/{task_id}/callbacks', await get(door, `/api/tasks/${told}/callbacks`)],
      ['get', '/api/tasks/{task_id}/callbacks', await get(door, '/api/tasks/1/callbacks')],
      ['post', '/api/tasks/{task_id}/callbacks/redeliver', await post(door, `/api/tasks/${told}/callbacks/redeliver`, {})],
      ['post', '/api/tasks/{task_id}/callbacks/redeliver', await post(door, `/api/tasks/${id}/callbacks/redeliver`, {})],
      ['get', '/api/tasks', await get(door, '/api/tasks')],
      ['get', '/api/tasks', await get(door, '/api/tasks?page_size=1')],
      ['get', '/api/tasks', await get(door, '/api/tasks?page_size=0')],
      ['get', '/api/tasks/{task_id}', processing],
      ['get', '/api/tasks/{task_id}', found],
      ['get', '/api/tasks/{task_id}', await get(door, `/api/tasks/${id}`, { 'if-none-match': found.headers.get('etag')! })],
      ['get', '/api/tasks/{task_id}', await get(door, `/api/tasks/${other}`)],
      ['get', '/api/tasks/{task_id}', await get(door, '/api/tasks/1')],
      ['get', '/api/tasks/{task_id}/attempts', await get(door, `/api/tasks/${id}/attempts`)],
      ['get', '/api/tasks/{task_id}/logs', await get(door, `/api/tasks/${id}/logs?page_size=1`)],
      ['get', '/api/tasks/{task_id}/logs', await get(door, `/api/tasks/${id}/logs?page_size=0`)],
      ['get', '/api/tasks/{task_id}/logs', await get(door, '/api/tasks/1/logs')],
      ['get', '/api/tasks/{task_id}/files', files],
      ['get', '/api/tasks/{task_id}/files', await get(door, '/api/tasks/1/files')],
      ['get', '/api/tasks/{task_id}/files/{name}', await get(door, `/api/tasks/${id}/files/none`)],
      ['post', '/api/tasks/{task_id}/retry', await send(door, 'POST', `/api/tasks/${id}/retry`)],
      ['post', '/api/tasks/{task_id}/cancel', await send(door, 'POST', `/api/tasks/${id}/cancel`)],
      ['post', '/api/schedules', schedule],
      ['post', '/api/schedules', await post(door, '/api/schedules', {})],
      ['get', '/api/schedules', await get(door, '/api/schedules')],
      ['get', '/api/schedules/{schedule_id}', await get(door, `/api/schedules/${scheduleId}`)],
      ['get', '/api/schedules/{schedule_id}', await get(door, '/api/schedules/1')],
      ['patch', '/api/schedules/{schedule_id}', await change({ ends_at: null })],
      ['patch', '/api/schedules/{schedule_id}', await change({ version: 1 })],
      ['post', '/api/schedules/{schedule_id}/pause', await send(door, 'POST', `/api/schedules/${scheduleId}/pause`)],
      ['post', '/api/schedules/{schedule_id}/resume', await send(door, 'POST', `/api/schedules/${scheduleId}/resume`)],
      ['post', '/api/schedules/{schedule_id}/run', await send(door, 'POST', `/api/schedules/${scheduleId}/run`)],
      ['delete', '/api/schedules/{schedule_id}', await send(door, 'DELETE', `/api/schedules/${scheduleId}`)],
      ['post', '/api/calculations', await post(door, '/api/calculations', CALCULATIONS)],
      ['post', '/api/calculations', await post(door, '/api/calculations', {})],
      ['post', '/api/fetches', await post(door, '/api/fetches', { message: [] })],
      ['post', '/api/onboardings', await post(door, '/api/onboardings', { name: 'Zoë', email: 'zoe@example.com' })],
      ['get', '/api/types', await get(door, '/api/types')],
      ['get', '/api/types/{type}', await get(door, '/api/types/text.reverse')],
      ['get', '/api/types/{type}', await get(door, '/api/types/__proto__')],
      ['get', '/api/queues', await get(door, '/api/queues')],
      ['post', '/api/queues/{type}/pause', await send(door, 'POST', '/api/queues/plain/pause')],
      ['post', '/api/queues/{type}/pause', await send(door, 'POST', '/api/queues/none/pause')],
      ['get', '/api/tasks/{task_id}/why', await get(door, `/api/tasks/${id}/why`)],
      ['get', '/api/tasks/{task_id}/why', await get(door, `/api/tasks/1/why`)],
      ['post', '/api/queues/{type}/resume', await send(door, 'POST', '/api/queues/plain/resume')],
      ['get', '/api/workers', await get(door, '/api/workers')],
      ['post', '/api/workers/{worker_id}/drain', await send(door, 'POST', '/api/workers/none/drain')],
      ['post', '/api/actions', await post(door, '/api/actions', { action: 'cancel', filter: { q: 'none' }, dry_run: true })],
      ['post', '/api/actions', await post(door, '/api/actions', { action: 'cancel' })],
      ['post', '/api/actions', begun],
      ['get', '/api/actions/{action_id}', await get(door, `/api/actions/${begun.body.action_id}`)],
      ['get', '/api/actions/{action_id}', await get(door, '/api/actions/1')],
      ['get', '/api/stats', await get(door, '/api/stats?range=7d')],
      ['get', '/api/stats', await get(door, '/api/stats?range=8d')],
      ['get', '/api/stats/now', await get(door, '/api/stats/now')],
      ['get', '/livez', await get(door, '/livez')],
      ['get', '/readyz', await get(door, '/readyz')],
    ];

    const wrong = answers.map(([method, path, answer]) => [method, path, answer.status, departures(method, path, answer)]);
    expect(wrong.filter(([, , , departed]) => (departed as string[]).length > 0)).toEqual([]);
  });

  it.each([
    ['a plain task', plain, true],
    ['a plain task with its type named', { ...plain, type: 'plain', payload: 'true' }, true],
    ['a typed task', { type: 'text.reverse', payload: { text: 'x' } }, true],
    ['calculations', { type: 'calculation.run', payload: { items: CALCULATIONS.message } }, true],
    ['calculations without items', { type: 'calculation.run', payload: { items: [] } }, false],
    ['an item that does not fit', { type: 'calculation.run', payload: { items: [{ name: 'a' }] } }, false],
    ['null members', { ...plain, priority: null, tags: null, retry: null }, true],
    ['waits', { ...plain, retry: { first_delay_seconds: 0, max_delay_seconds: 60 } }, true],
    ['waits that do not exist', { ...plain, retry: { delay: 1 } }, false],
    ['a wait that is too long', { ...plain, retry: { max_delay_seconds: 604_801 } }, false],
    ['a plain task without a description', { title: 'x' }, false],
    ['a payload that does not fit', { type: 'text.reverse', payload: { text: 1 } }, false],
    ['an unknown member', { ...plain, colour: 'red' }, false],
    ['an unknown type', { type: 'no.such' }, false],
    ['a priority that does not exist', { ...plain, priority: '9' }, false],
    ['a title of two lines', { ...plain, title: 'a\nb' }, false],
    ['a tag with a space', { ...plain, tags: ['a b'] }, false],
  ])('says the same as the door about %s', async (_name, body, good) => {
    expect(allows('/api/tasks', body)).toBe(good);
    expect((await post(door, '/api/tasks', body)).status === 202).toBe(good);
  });

  it.each([
    ['a schedule', { cron: '@daily', task: plain }, true],
    ['null members of it', { cron: '@daily', task: plain, ends_at: null, title: null, missed: null }, true],
    ['one without a task', { cron: '@daily' }, false],
    ['one whose task does not fit', { cron: '@daily', task: { type: 'text.reverse', payload: { text: 1 } } }, false],
    ['one with an unknown policy', { cron: '@daily', task: plain, overlap: 'allow' }, false],
  ])('says the same as the door about %s', async (_name, body, good) => {
    expect(allows('/api/schedules', body)).toBe(good);
    expect((await post(door, '/api/schedules', body)).status === 201).toBe(good);
  });
});
