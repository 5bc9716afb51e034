import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, send, type Answer, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const UNKNOWN_ID = '01a20037-0244-74e5-9509-c9d112a00245';
const nightly = { cron: '30 2 * * *', time_zone: 'Europe/Berlin', task: { type: 'text.reverse', payload: { text: 'stressed' } } };

async function created(given: object = {}): Promise<string> {
  const { body } = await post(door, '/api/schedules', { ...nightly, ...given });
  return body.schedule_id as string;
}

function patch(id: string, json: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return send(door, 'PATCH', `/api/schedules/${id}`, { body: JSON.stringify(json), headers });
}

const act = (id: string, verb: string) => send(door, 'POST', `/api/schedules/${id}/${verb}`);
const read = async (id: string) => (await get(door, `/api/schedules/${id}`)).body;
const pointersOf = ({ body }: Answer) => [...new Set(body.errors.map(({ pointer }: { pointer: string }) => pointer))];

describe('POST /api/schedules', () => {
  it('answers 201 with the schedule and its next tick', async () => {
    const answer = await post(door, '/api/schedules', nightly);

    expect(answer).toMatchObject({
      status: 201,
      body: {
        ...nightly,
        title: 'Reverse text',
        overlap: 'skip',
        missed: 'last',
        max_missed: 100,
        ends_at: null,
        status: 'ACTIVE',
        next_at: expect.stringMatching(/T0[01]:30:00.000Z$/),
        last_at: null,
        waiting: 0,
        version: 1,
      },
    });
    expect(await get(door, answer.headers.get('location')!)).toMatchObject({ status: 200, body: answer.body });
  });

  it('takes all that a schedule can say', async () => {
    const given = { title: 'A', overlap: 'queue', missed: 'all', max_missed: 5, ends_at: '2999-01-01T00:00:00.000Z' };

    expect(await read(await created(given))).toMatchObject(given);
  });

  it.each([
    ['no cron', { cron: undefined }, ['/cron']],
    ['no task', { task: undefined }, ['/task']],
    ['nothing', { cron: undefined, task: undefined }, ['/cron', '/task']],
    ['a cron that is none', { cron: '61 * * * *' }, ['/cron']],
    ['a cron that never comes', { cron: '0 0 31 2 *' }, ['/cron']],
    ['a cron that is a number', { cron: 5 }, ['/cron']],
    ['a zone that is none', { time_zone: 'Mars/Phobos' }, ['/time_zone']],
    ['an end before the first tick', { ends_at: '2020-01-01T00:00:00Z' }, ['/ends_at']],
    ['an end that is no instant', { ends_at: 'tomorrow' }, ['/ends_at']],
    ['policies that are none', { overlap: 'allow', missed: 'some', max_missed: 0 }, ['/max_missed', '/missed', '/overlap']],
    ['a title of two lines', { title: 'a\nb' }, ['/title']],
    ['a member that nobody knows', { colour: 'red' }, ['/colour']],
    ['a task of an unknown type', { task: { type: 'no.such' } }, ['/task/type']],
    ['a payload that does not fit', { task: { type: 'text.reverse', payload: { text: 7 } } }, ['/task/payload/text']],
    ['a plain task without a title', { task: {} }, ['/task/description', '/task/title']],
    ['a task with an unknown member', { task: { ...nightly.task, colour: 'red' } }, ['/task/colour']],
    ['a task with a time', { task: { ...nightly.task, run_at: '2999-01-01T00:00:00Z' } }, ['/task/run_at']],
    ['a task with a delay', { task: { ...nightly.task, delay_seconds: 1 } }, ['/task/delay_seconds']],
    ['a callback to a private address', { task: { ...nightly.task, callback_url: 'http://10.0.0.1/' } }, ['/task/callback_url']],
    ['a version', { version: 1 }, ['/version']],
    ['a task of an unknown type, whatever its own title is', { title: 'A', task: { type: 'no.such' } }, ['/task/type']],
    [
      'a payload that does not fit, whatever its own title is',
      { title: 'A', task: { type: 'text.reverse' } },
      ['/task/payload/text'],
    ],
  ])('refuses %s with 422 and the place', async (_what, given, pointers) => {
    const answer = await post(door, '/api/schedules', { ...nightly, ...given });

    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_schedule' } });
    expect(pointersOf(answer).sort()).toEqual(pointers);
  });

  it('refuses a body that is none with 400, and one that is no object with 422', async () => {
    expect((await post(door, '/api/schedules', '{')).status).toBe(400);
    expect((await post(door, '/api/schedules', '')).status).toBe(400);
    expect((await post(door, '/api/schedules', [])).status).toBe(422);
  });
});

describe('a schedule', () => {
  it('is listed, newest first, page by page', async () => {
    const ids = [await created(), await created(), await created()];
    const first = (await get(door, '/api/schedules?page_size=2')).body;
    const second = (await get(door, `/api/schedules?page_size=2&page_token=${first.next_page_token}`)).body;

    expect(first.items.map((item: { schedule_id: string }) => item.schedule_id)).toEqual([ids[2], ids[1]]);
    expect(second.items[0].schedule_id).toBe(ids[0]);
    expect((await get(door, '/api/schedules?page_size=0')).status).toBe(400);
    expect((await get(door, '/api/schedules?page_token=x')).status).toBe(400);
  });

  it('is changed where a change says so', async () => {
    const id = await created({ ends_at: '2999-01-01T00:00:00Z' });
    const before = await read(id);
    const answer = await patch(id, { title: 'Other', overlap: 'queue', ends_at: null, cron: null });

    expect(answer).toMatchObject({
      status: 200,
      body: { ...nightly, title: 'Other', overlap: 'queue', ends_at: null, version: 2 },
    });
    expect(answer.body.next_at).toBe(before.next_at);
  });

  it('ticks by a new cron expression from now on', async () => {
    const id = await created();

    expect((await patch(id, { cron: '0 12 1 1 *', time_zone: 'UTC' })).body.next_at).toMatch(/-01-01T12:00:00.000Z$/);
  });

  it('is not changed into one that makes no sense', async () => {
    const id = await created();

    expect(pointersOf(await patch(id, { cron: 'often' }))).toEqual(['/cron']);
    expect(pointersOf(await patch(id, { ends_at: '2020-01-01T00:00:00Z' }))).toEqual(['/ends_at']);
    expect(pointersOf(await patch(id, { task: { type: 'text.reverse' } }))).toEqual(['/task/payload/text']);
    const callback_url = 'http://user@example.com/';
    expect(pointersOf(await patch(id, { task: { ...nightly.task, callback_url } }))).toEqual(['/task/callback_url']);
    expect(await read(id)).toMatchObject({ ...nightly, version: 1 });
  });

  it('is not changed by who knows an older version', async () => {
    const id = await created();
    await patch(id, { title: 'Mine', version: 1 });

    expect(await patch(id, { title: 'Theirs', version: 1 })).toMatchObject({ status: 409, body: { code: 'version_clash' } });
    expect(await read(id)).toMatchObject({ title: 'Mine', version: 2 });
  });

  it('is paused and resumed', async () => {
    const id = await created();
    const next = (await read(id)).next_at;

    expect(await act(id, 'pause')).toMatchObject({ status: 200, body: { status: 'PAUSED', next_at: null } });
    expect((await act(id, 'pause')).body).toMatchObject({ status: 'PAUSED', version: 2 });
    expect((await patch(id, { cron: '0 12 * * *' })).body).toMatchObject({ status: 'PAUSED', next_at: null });
    await patch(id, { cron: nightly.cron });
    expect(await act(id, 'resume')).toMatchObject({ status: 200, body: { status: 'ACTIVE', next_at: next } });
    expect((await act(id, 'resume')).status).toBe(200);
  });

  it('runs now, as often as it is asked to, or once per key', async () => {
    const id = await created();
    const answer = await act(id, 'run');
    const keyed = await Promise.all(
      [1, 2].map(() => send(door, 'POST', `/api/schedules/${id}/run`, { headers: { 'idempotency-key': `run-${id}` } })),
    );
    await act(id, 'pause');

    expect(answer).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    expect((await get(door, answer.headers.get('location')!)).body).toMatchObject({ ...nightly.task, schedule_id: id });
    expect(keyed.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(1);
    expect((await act(id, 'run')).status).toBe(202);
    const { items } = (await get(door, `/api/tasks?schedule=${id.toUpperCase()}`)).body;
    expect(items).toHaveLength(3);
    expect((await get(door, `/api/tasks?schedule=${id}&type=plain`)).body.items).toEqual([]);
    expect((await get(door, `/api/tasks?schedule=${id}&status=PENDING`)).body.items).toHaveLength(3);
    expect((await get(door, '/api/tasks?schedule=x')).status).toBe(400);
  });

  it('is deleted, and its tasks stay', async () => {
    const id = await created();
    const task = (await act(id, 'run')).body.task_id;

    expect(await send(door, 'DELETE', `/api/schedules/${id}`)).toMatchObject({ status: 204, body: '' });
    expect(await get(door, `/api/tasks/${task}`)).toMatchObject({ status: 200, body: { schedule_id: id } });
    expect((await get(door, `/api/schedules/${id}`)).status).toBe(404);
  });

  it.each([UNKNOWN_ID, 'x', '%00', '__proto__'])('is a 404 when there is none: %s', async (id) => {
    const answers = await Promise.all([
      get(door, `/api/schedules/${id}`),
      patch(id, { title: 'x' }),
      act(id, 'pause'),
      act(id, 'resume'),
      act(id, 'run'),
      send(door, 'DELETE', `/api/schedules/${id}`),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'schedule_not_found']));
  });
});
