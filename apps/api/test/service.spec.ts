import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LifeSigns } from '@app/runtime';
import { StoreUnavailable, Watcher } from '@app/tasks';
import { Waits } from '../src/http/waits.js';
import { eventually } from '../../../test/support/eventually.js';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

const plain = { title: 't', description: 'd' };
const away = () => Promise.reject(new StoreUnavailable('The database did not answer.'));

describe('/livez', () => {
  it('answers whatever is down', async () => {
    door.store.ping = away;

    expect(await get(door, '/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('/livez of a process in which something is stuck', () => {
  it('is 503, and says what', async () => {
    door.app.get(LifeSigns).watch('The sweeper', 5_000, () => 60_000);

    expect(await get(door, '/livez')).toMatchObject({
      status: 503,
      body: { status: 'stuck', problems: ['The sweeper has not been heard of for 60 s'] },
    });
  });
});

describe('/readyz', () => {
  it('names each dependency if it is asked to', async () => {
    door.transport.away = true;

    expect((await get(door, '/readyz?verbose')).body.dependencies).toEqual([
      { name: 'store', state: 'up', latency_ms: expect.any(Number) },
      { name: 'transport', state: 'down', latency_ms: expect.any(Number) },
    ]);
  });

  it('is ok when all is well, and says no more than that', async () => {
    const answer = await get(door, '/readyz');

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ status: 'ok', checks: { store: 'up', transport: 'up' } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is degraded without the transport', async () => {
    door.transport.away = true;

    expect(await get(door, '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { transport: 'down' } },
    });
  });

  it('is unavailable without the store', async () => {
    door.store.ping = away;

    expect(await get(door, '/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable', checks: { store: 'down' } } });
  });

  it('answers soon when the store never does', async () => {
    door.store.ping = () => new Promise(() => {});

    expect((await get(door, '/readyz')).status).toBe(503);
  });
});

describe('without the store', () => {
  it('refuses a submission, and says when to come back', async () => {
    door.store.insert = away;

    const answer = await post(door, '/api/tasks', plain);

    expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('stands by a submission that was kept before', async () => {
    door.store.find = away;

    expect((await post(door, '/api/tasks', plain, { prefer: 'wait=1' })).status).toBe(202);
  });
});

describe('/api/types', () => {
  it('tells what each type takes', async () => {
    const { body } = await get(door, '/api/types');

    expect(body.items.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['email.send', 'plain', 'text.reverse']),
    );
    expect((await get(door, '/api/types/text.reverse')).body).toMatchObject({
      title: 'Reverse text',
      payload_schema: { type: 'object', properties: { text: { type: 'string', maxLength: 100_000 } }, required: ['text'] },
    });
  });

  it.each(['no.such', '__proto__', 'constructor'])('answers 404 for %s', async (type) => {
    expect(await get(door, `/api/types/${type}`)).toMatchObject({ status: 404, body: { code: 'type_not_found' } });
  });
});

describe('a long wait', () => {
  it('ends when the client goes away', async () => {
    const waits = watchWaits(door);
    const { body } = await post(door, '/api/tasks', plain);
    const client = new AbortController();
    const answer = fetch(`${door.url}/api/tasks/${body.task_id}?wait=30`, { signal: client.signal });
    await eventually('it waits', () => waits.begun.length === 1);

    client.abort();

    await expect(answer).rejects.toThrow();
    await waits.begun[0];
  });

  it('is answered with what is known when the server closes', async () => {
    const waits = watchWaits(door);
    const { body } = await post(door, '/api/tasks', plain);
    const answer = get(door, `/api/tasks/${body.task_id}?wait=30`);
    await eventually('it waits', () => waits.begun.length === 1);

    await door.app.close();

    expect(await answer).toMatchObject({ status: 200, body: { status: 'PENDING' } });
    expect((await answer).headers.get('connection')).toBe('close');
  });
});

describe('a closing server', () => {
  it('turns requests away and ends their connections', async () => {
    door.app.get(Waits).close();

    const answer = await post(door, '/api/tasks', plain);

    expect(answer).toMatchObject({ status: 503, body: { code: 'shutting_down' } });
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('finishes what it has begun, and only then is closed', async () => {
    let release: (() => void) | undefined;
    door.store.ping = () => new Promise((resolve) => (release = resolve));
    const answer = get(door, '/readyz');
    await eventually('the request has come', () => release);

    const closed = door.app.close();
    release!();
    await closed;

    expect(await answer).toMatchObject({ status: 200 });
  });
});

/** The waits of the door; each resolves when it is over. */
function watchWaits({ app }: Door) {
  const watcher = app.get(Watcher, { strict: false });
  const untilFinal = watcher.untilFinal.bind(watcher);
  const begun: Promise<void>[] = [];
  watcher.untilFinal = (...wait) => {
    const over = untilFinal(...wait);
    begun.push(over);
    return over;
  };
  return { begun };
}
