import { describe, expect, it } from '@jest/globals';
import { TransportUnavailable } from '@app/tasks';
import { engineFor, gate, type Engine, until } from './engine.js';

/** Rows as they are some time after they were announced: due for another look. */
async function submitLongAgo(engine: Engine, count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => engine.submit()));
  await until(async () => engine.transport.announced.length === count);
  await engine.store.markAnnounced(ids, -1);
  engine.transport.announced.length = 0;
  return ids;
}

describe('Sweeper', () => {
  it('announces again what was announced and never came', async () => {
    const engine = await engineFor(() => null);
    const ids = await submitLongAgo(engine, 3);
    await engine.sweeper().sweep();

    expect(engine.transport.ids().sort()).toEqual(ids.sort());
  });

  it('leaves alone what it announced a moment ago', async () => {
    const engine = await engineFor(() => null);
    await submitLongAgo(engine, 3);
    const sweeper = engine.sweeper();
    await sweeper.sweep();
    await sweeper.sweep();

    expect(engine.transport.announced).toHaveLength(3);
  });

  it('announces at once what was announced before the start, where no announcement outlives its process', async () => {
    const engine = await engineFor(() => null);
    const ids = await Promise.all(Array.from({ length: 1_200 }, () => engine.submit()));
    const later = await engine.submit({ delaySeconds: 20 });
    await until(async () => engine.transport.announced.length === ids.length);
    engine.transport.announced.length = 0;
    const sweeper = engine.sweeper({ announcedAreLost: true });
    sweeper.start();
    await until(async () => engine.transport.announced.length >= ids.length);
    await sweeper.stop();
    await sweeper.sweep();

    expect(engine.transport.ids().sort()).toEqual(ids.sort());
    expect(engine.transport.ids()).not.toContain(later);
  });

  it('announces the other classes while the queue of one takes nothing', async () => {
    const engine = await engineFor(() => null);
    const ids = await submitLongAgo(engine, 600);
    const high = await engine.submit({ priority: 'high' });
    await until(async () => engine.transport.ids().includes(high));
    await engine.store.markAnnounced([high], -1);
    const announce = engine.transport.announce.bind(engine.transport);
    engine.transport.announced.length = 0;
    engine.transport.announce = async (announcements) => {
      if (announcements.some(({ priority }) => priority === 'normal')) throw new TransportUnavailable('No leader.');
      return announce(announcements);
    };
    await engine.sweeper().sweep();

    expect(engine.transport.ids()).toEqual([high]);
    expect((await engine.store.due(1_000, 10_000)).map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  it('does not repeat tasks that wait in a long queue', async () => {
    const engine = await engineFor(() => null);
    await submitLongAgo(engine, 5);
    engine.transport.queued.normal = 50_000;
    await engine.sweeper().sweep();
    engine.transport.queued.normal = 1_000;
    await engine.sweeper().sweep();

    expect(engine.transport.announced).toEqual([]);
  });

  it('announces what it had parked once the queue it waited in is gone', async () => {
    const engine = await engineFor(() => null);
    const ids = await submitLongAgo(engine, 700);
    engine.transport.queued.normal = 700;
    await engine.sweeper().sweep();
    engine.transport.queued.normal = 0;
    await engine.sweeper().sweep();

    expect(engine.transport.ids().sort()).toEqual(ids.sort());
  });

  it('notices when fewer messages wait than tasks that wait for one', async () => {
    const engine = await engineFor(() => null);
    await submitLongAgo(engine, 900);
    engine.transport.queued.normal = 900;
    await engine.sweeper().sweep();
    engine.transport.queued.normal = 300;
    await engine.sweeper().sweep();

    expect(engine.transport.announced).toHaveLength(900);
  });

  it('announces a task that came due just now also while the queue is long', async () => {
    const engine = await engineFor((_, { attempt }) => {
      if (attempt === 1) throw new Error('try again');
    });
    const id = await engine.submit();
    await engine.executor.execute(id);
    engine.transport.announced.length = 0;
    engine.transport.queued.normal = 50_000;
    await until(async () => (await engine.store.due(1)).length === 1);
    await engine.sweeper().sweep();

    expect(engine.transport.ids()).toContain(id);
  });

  it('puts a task whose worker went silent back in line, as a crash and not as a failure', async () => {
    const engine = await engineFor(() => null);
    const id = await engine.submit();
    await until(async () => engine.transport.ids().includes(id));
    await engine.store.claim([id], { workerId: 'gone', leaseMs: 0, types: ['test.work'] });
    engine.transport.announced.length = 0;
    await until(async () => (await engine.store.expired(1)).length === 1);
    await engine.sweeper().sweep();

    expect(await engine.read(id)).toMatchObject({ status: 'PENDING', crashes: 1, failures: 0 });
    expect(engine.transport.ids()).toEqual([id]);
  });

  it('ends a task that took its workers down too often', async () => {
    const engine = await engineFor(() => null);
    const id = await engine.submit();
    for (let crash = 0; crash < 2; crash++) {
      await engine.store.claim([id], { workerId: `gone-${crash}`, leaseMs: 0, types: ['test.work'] });
      await until(async () => (await engine.store.expired(1)).length === 1);
      await engine.sweeper({ maxCrashes: 2 }).sweep();
    }

    expect(await engine.read(id)).toMatchObject({ status: 'FAILED', crashes: 2, error: { kind: 'crash' } });
    expect((await engine.store.pastAttempts(id)).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('takes the task from a worker that was stopped past its lease; what that worker does later changes nothing', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(() => opened.then(() => 'old'), { leaseMs: 30_000 });
    const id = await engine.submit();
    const stopped = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).status === 'PROCESSING');
    await engine.store.renew([{ id, attempt: 1 }], -1);
    await engine.sweeper().sweep();
    await engine.worker(() => 'new').execute(id);
    open();

    expect(await stopped).toBe('lost');
    expect(await engine.read(id)).toMatchObject({ status: 'COMPLETED', attempt: 2, result: 'new' });
  });
});
