import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fail, type TaskIn } from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { get, openDoor, post, send, type Answer, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const plain = { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } };
const reverse = { type: 'text.reverse', payload: { text: 'stressed' } };
const UNKNOWN_ID = '01a20037-0244-74e5-9509-c9d112a00245';

async function submitted(json: object = plain): Promise<string> {
  return (await post(door, '/api/tasks', json)).body.task_id as string;
}

describe('POST /api/tasks', () => {
  it('answers 202 with the id of a task that can be read', async () => {
    const answer = await post(door, '/api/tasks', plain);

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ task_id: expect.any(String), message: 'Task submitted successfully', status: 'PENDING' });
    expect(answer.headers.get('location')).toBe(`/api/tasks/${answer.body.task_id}`);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await get(door, answer.headers.get('location')!)).body).toMatchObject({ ...plain, status: 'PENDING', type: 'plain' });
  });

  it('announces what it took', async () => {
    const id = await submitted({ ...plain, priority: 'high' });

    const announced = await eventually('it is announced', () => door.transport.announced.find((one) => one.id === id));
    expect(announced).toEqual({ id, priority: 'high' });
  });

  it("takes the type's own title if none is given", async () => {
    expect((await get(door, `/api/tasks/${await submitted(reverse)}`)).body).toMatchObject({
      title: 'Reverse text',
      description: null,
    });
  });

  it('keeps every member of a submission', async () => {
    const submission = {
      ...plain,
      payload: ['any', { JSON: null }],
      priority: 'low',
      tags: ['a', 'team:blue'],
      max_attempts: 7,
      timeout_seconds: 60,
      retry: { first_delay_seconds: 0, max_delay_seconds: 90 },
      run_at: '2027-03-28T02:30:00+01:00',
    };

    const task = (await get(door, `/api/tasks/${await submitted(submission)}`)).body;

    expect(task).toMatchObject({ ...submission, run_at: '2027-03-28T01:30:00.000Z' });
  });

  it('takes a null member for one that is left out', async () => {
    const answer = await post(door, '/api/tasks', { ...plain, type: null, tags: null, run_at: null, delay_seconds: null });

    expect(answer.status).toBe(202);
  });

  it('answers 200 with the finished task to a client that prefers to wait', async () => {
    const answer = post(door, '/api/tasks', { ...plain, tags: ['waited-for'] }, { prefer: 'wait=20' });
    await door.finish(await firstWithTag('waited-for'), { done: true });

    expect(await answer).toMatchObject({ status: 200, body: { status: 'COMPLETED', result: { done: true } } });
    expect((await answer).headers.get('preference-applied')).toBe('wait=20');
  });

  it('answers 202 when the preferred wait is over', async () => {
    const answer = await post(door, '/api/tasks', plain, { prefer: 'wait=1' });

    expect(answer).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
  });

  it('ignores a malformed preference', async () => {
    const answer = await post(door, '/api/tasks', plain, { prefer: 'wait=soon, wait' });

    expect(answer.status).toBe(202);
    expect(answer.headers.has('preference-applied')).toBe(false);
  });
});

describe('POST /api/tasks/batch', () => {
  it('takes all of the tasks, in their order', async () => {
    const answer = await post(door, '/api/tasks/batch', { tasks: [plain, reverse] });

    expect(answer.status).toBe(202);
    const types = await Promise.all(
      answer.body.items.map(async ({ task_id }: { task_id: string }) => (await get(door, `/api/tasks/${task_id}`)).body.type),
    );
    expect(types).toEqual(['plain', 'text.reverse']);
  });

  it('takes none if one is wrong, and says which', async () => {
    const tasks = [
      { ...plain, tags: ['in-a-bad-batch'] },
      { ...plain, title: 3 },
    ];

    const answer = await post(door, '/api/tasks/batch', { tasks });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/tasks/1/title' }] } });
    expect((await get(door, '/api/tasks?tag=in-a-bad-batch')).body.items).toEqual([]);
  });

  it.each([
    [[reverse, { type: 'text.reverse', payload: {} }], 422, 'invalid_payload', '/tasks/1/payload/text'],
    [[{ type: 'no.such' }], 400, 'unknown_type', '/tasks/0/type'],
    [[plain, { title: 'no description' }], 400, 'invalid_request', '/tasks/1/description'],
    [[], 400, 'invalid_request', '/tasks'],
    [Array(1001).fill(plain), 400, 'invalid_request', '/tasks'],
    [[null], 400, 'invalid_request', '/tasks/0'],
  ])('refuses %j', async (tasks, status, code, pointer) => {
    const answer = await post(door, '/api/tasks/batch', { tasks });

    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe('GET /api/tasks/{task_id}', () => {
  it.each(['1', UNKNOWN_ID, '%00', '../etc', 'x'.repeat(5_000), `${UNKNOWN_ID}'--`])('answers 404 for the id %s', async (id) => {
    expect(await get(door, `/api/tasks/${encodeURIComponent(id).replace('%2500', '%00')}`)).toMatchObject({
      status: 404,
      body: { code: 'task_not_found', status: 404, type: 'about:blank' },
    });
  });

  it('answers 400 for broken percent-encoding', async () => {
    expect(await get(door, '/api/tasks/%zz')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });

  it('finds an id in upper case', async () => {
    const id = await submitted();

    expect((await get(door, `/api/tasks/${id.toUpperCase()}`)).body.task_id).toBe(id);
  });

  it('answers 304 for as long as the task is as it was', async () => {
    const id = await submitted();
    const etag = (await get(door, `/api/tasks/${id}`)).headers.get('etag')!;

    const unchanged = await get(door, `/api/tasks/${id}`, { 'if-none-match': `"other", W/${etag}` });
    await door.finish(id);
    const changed = await get(door, `/api/tasks/${id}`, { 'if-none-match': etag });

    expect(unchanged).toMatchObject({ status: 304, body: '' });
    expect(unchanged.headers.get('etag')).toBe(etag);
    expect(changed).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
  });

  it('holds the answer until the task is final', async () => {
    const id = await submitted();
    const answer = get(door, `/api/tasks/${id}?wait=20`);
    await door.finish(id, 42);

    expect(await answer).toMatchObject({ status: 200, body: { status: 'COMPLETED', result: 42 } });
  });

  it.each(['wait=31', 'wait=-1', 'wait=x', 'wait=1.5', 'wait=', 'wait=1&wait=2', 'until=1'])('refuses ?%s', async (query) => {
    expect(await get(door, `/api/tasks/${UNKNOWN_ID}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('GET /api/tasks/{task_id}/attempts', () => {
  it('tells of the attempts that failed', async () => {
    const id = await submitted();
    const [claimed] = await door.store.claim([id], { workerId: 'w', leaseMs: 30_000, types: ['plain'] });
    const failure = { kind: 'error', message: 'no luck', attempt: 1 } as const;
    await door.store.settle([fail(claimed as TaskIn<'PROCESSING'>, failure, { retryable: true, dueInMs: 60_000 })]);

    const { items } = (await get(door, `/api/tasks/${id}/attempts`)).body;

    expect(items).toEqual([{ attempt: 1, started_at: expect.any(String), ended_at: expect.any(String), error: failure }]);
    expect((await get(door, `/api/tasks/${id}`)).body).toMatchObject({ status: 'PENDING', error: failure, attempt: 1 });
  });

  it('answers 404 for a task that does not exist', async () => {
    expect((await get(door, `/api/tasks/${UNKNOWN_ID}/attempts`)).status).toBe(404);
  });
});

describe('GET /api/tasks/{task_id}/logs', () => {
  it('tells what the handlers said, oldest first, page by page', async () => {
    const id = await submitted();
    await door.store.claim([id], { workerId: 'w', leaseMs: 30_000, types: ['plain'] });
    const lines = [1, 2, 3].map((line) => ({ line, level: 'warn' as const, message: `line ${line}`, agoMs: 0 }));
    await door.store.report([{ lease: { id, attempt: 1 }, lines }]);

    const first = (await get(door, `/api/tasks/${id}/logs?page_size=2`)).body;
    const second = (await get(door, `/api/tasks/${id}/logs?page_size=2&page_token=${first.next_page_token}`)).body;

    expect(first.items[0]).toEqual({ attempt: 1, line: 1, level: 'warn', message: 'line 1', at: expect.stringMatching(/Z$/) });
    expect([first, second].map(({ items }) => items.map(({ line }: { line: number }) => line))).toEqual([[1, 2], [3]]);
    expect(second.next_page_token).toBeNull();
  });

  it('answers 404 for what is no task, and 400 for what is no page', async () => {
    const id = await submitted();

    expect((await get(door, `/api/tasks/${UNKNOWN_ID}/logs`)).status).toBe(404);
    for (const query of ['page_size=0', 'page_token=x', `page_token=${Buffer.from('1').toString('base64url')}`, 'lines=1']) {
      expect((await get(door, `/api/tasks/${id}/logs?${query}`)).status).toBe(400);
    }
  });
});

describe('POST /api/tasks/{task_id}/cancel', () => {
  it('calls a waiting task off, and again changes nothing', async () => {
    const id = await submitted();

    const first = await send(door, 'POST', `/api/tasks/${id}/cancel`);
    const second = await post(door, `/api/tasks/${id}/cancel`, {});

    expect(first).toMatchObject({ status: 200, body: { status: 'CANCELLED', completed_at: expect.any(String) } });
    expect(second).toMatchObject({ status: 200, body: first.body });
  });

  it('refuses a task that has completed', async () => {
    const id = await submitted();
    await door.finish(id);

    expect(await send(door, 'POST', `/api/tasks/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'wrong_status' } });
  });

  it('answers 404 for a task that does not exist', async () => {
    expect((await send(door, 'POST', `/api/tasks/${UNKNOWN_ID}/cancel`)).status).toBe(404);
  });
});

describe('POST /api/tasks/{task_id}/retry', () => {
  it('makes a new task of one that has ended', async () => {
    const id = await submitted({ ...plain, payload: { n: 1 }, tags: ['again'], run_at: '2020-01-01T00:00:00Z' });
    await door.finish(id);

    const answer = await send(door, 'POST', `/api/tasks/${id}/retry`);

    expect(answer.status).toBe(202);
    const repeated = (await get(door, answer.headers.get('location')!)).body;
    expect(repeated).toMatchObject({ ...plain, payload: { n: 1 }, tags: ['again'], status: 'PENDING', retry_of: id });
  });

  it('makes one new task for one key', async () => {
    const id = await submitted();
    await door.finish(id);

    const first = await send(door, 'POST', `/api/tasks/${id}/retry`, { headers: { 'idempotency-key': 'retry-1' } });
    const second = await send(door, 'POST', `/api/tasks/${id}/retry`, { headers: { 'idempotency-key': 'retry-1' } });

    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('refuses a task that has not ended', async () => {
    expect(await send(door, 'POST', `/api/tasks/${await submitted()}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'wrong_status' },
    });
  });
});

describe('GET /api/tasks', () => {
  it('gives page after page, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await submitted({ ...plain, tags: ['paged'] }));

    const seen: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const page: Answer = await get(door, `/api/tasks?tag=paged&page_size=2${token && `&page_token=${token}`}`);
      seen.push(...page.body.items.map((task: { task_id: string }) => task.task_id));
      token = page.body.next_page_token;
    }

    expect(seen).toEqual(ids.toReversed());
  });

  it('filters by status, type, text and time', async () => {
    const id = await submitted({ ...reverse, title: 'A needle in the hay' });
    const queries = [
      'status=PENDING,FAILED',
      'type=text.reverse',
      'q=NEEDLE',
      'created_after=2026-01-01T00:00:00Z',
      'created_before=2999-01-01T00:00:00%2B02:00',
    ];

    const page = (await get(door, `/api/tasks?${queries.join('&')}`)).body;

    expect(page).toMatchObject({ items: [{ task_id: id }], next_page_token: null });
  });

  it.each([
    'page_size=-1',
    'page_size=abc',
    'page_size=0',
    'page_size=201',
    'page_size=',
    'page_size=1e2',
    'page_size=5&page_size=6',
    'offset=9007199254740993',
    'sort=id;drop%20table%20tasks',
    'limit=1',
    'status=DONE',
    'status=PENDING,',
    'status=pending',
    'type=a%20b',
    'tag=',
    'created_after=yesterday',
    'created_after=2026-01-01T00:00:00+02:00',
    'created_before=2026-02-30T00:00:00Z',
    'q=',
    `q=${'x'.repeat(201)}`,
    'q=%00',
    'page_token=abc',
    `page_token=${Buffer.from("' OR 1=1").toString('base64url')}`,
    `page_token=${Buffer.from(UNKNOWN_ID).toString('base64url')}=`,
    '__proto__=1',
    'constructor=1',
    'hasOwnProperty=1',
  ])('refuses ?%s', async (query) => {
    const answer = await get(door, `/api/tasks?${query}`);

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body.errors[0].pointer).toMatch(/^\/query\//);
  });
});

async function firstWithTag(tag: string): Promise<string> {
  return eventually('there is one task with the tag', async () => {
    const { items } = (await get(door, `/api/tasks?tag=${tag}`)).body;
    expect(items).toHaveLength(1);
    return items[0].task_id as string;
  });
}
