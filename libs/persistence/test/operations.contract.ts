import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cancel,
  complete,
  fail,
  type DutyStore,
  type Figures,
  type HistoryStore,
  type QueueStore,
  type StatsStore,
  type TaskIn,
  type TaskStore,
  type WorkerBeat,
  type WorkerStore,
} from '@app/tasks';
import { eventually, lasting } from '../../../test/support/eventually.js';
import { newTask, newTasks } from './builders.js';

const AGAIN_MS = 1;

export interface OpenedStores {
  store: TaskStore & { queues: QueueStore; workers: WorkerStore; stats: StatsStore; duties: DutyStore; history: HistoryStore };
  close(): Promise<void>;
}

function beat(differences: Partial<WorkerBeat> = {}): WorkerBeat {
  return { id: 'w-1', host: 'host', pid: 1, version: '1', types: ['a'], slots: 4, busy: 0, running: [], ...differences };
}

/** What every store must do about queues, workers and figures. */
export function describeOperations(name: string, open: () => Promise<OpenedStores>): void {
  describe(`Operations on ${name}`, () => {
    let opened: OpenedStores;
    let store: OpenedStores['store'];
    let types = 0;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      await eventually('the store answers', () => store.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    const newType = () => `test.t${++types}`;
    const isDue = async (id: string) => (await store.due(10_000)).some((task) => task.id === id);
    const claimed = async (id: string, type: string) =>
      (await store.claim([id], { workerId: 'w', leaseMs: 60_000, types: [type] }))[0]!;

    describe('a paused queue', () => {
      it('stays paused since it was first paused, until it is resumed', async () => {
        const type = newType();
        const state = async () => (await store.queues.states()).find((one) => one.type === type);
        await store.queues.pause(type);
        const { pausedAt } = (await state())!;
        await store.queues.pause(type);

        expect(pausedAt).not.toBeNull();
        expect((await state())!.pausedAt).toEqual(pausedAt);
        await store.queues.resume(type);
        expect(await state()).toMatchObject({ pausedAt: null, resumedAt: expect.any(Date) });
        await store.queues.resume(type);
        await store.queues.resume('test.never-paused');
        expect(await store.queues.released(type, 60_000)).toBe(false);
        await lasting(5);
        expect(await store.queues.released(type, 1)).toBe(true);
        expect(await state()).toMatchObject({ pausedAt: null, resumedAt: null });
      });

      it('holds its tasks, and those of no other queue', async () => {
        const [paused, open] = [newType(), newType()];
        const held = newTask({ type: paused });
        const free = newTask({ type: open });
        const later = newTask({ type: paused, due: { inMs: 60_000 } });
        await store.insert([held, free, later], AGAIN_MS);
        await store.queues.pause(paused);
        await lasting(5);

        expect(await store.queues.hold([held.id, free.id, later.id])).toBe(1);
        expect(await isDue(held.id)).toBe(false);
        expect(await isDue(free.id)).toBe(true);
        expect((await store.parked('normal', 10_000)).some(({ id }) => id === held.id)).toBe(false);
      });

      it('lets what it held be announced again, step by step', async () => {
        const type = newType();
        const tasks = newTasks(5, { type });
        const ids = tasks.map(({ id }) => id);
        await store.insert(tasks, 60_000);
        await store.queues.pause(type);
        await store.queues.hold(ids);
        await store.queues.resume(type);
        const first = await store.queues.release(type, '', 3);
        const due = async () => (await Promise.all(ids.map(isDue))).filter(Boolean).length;

        expect(first).toBe(ids[2]);
        expect(await due()).toBe(3);
        expect(await store.queues.release(type, first!, 3)).toBeNull();
        expect(await due()).toBe(5);
      });

      it('holds nothing any more once it is resumed', async () => {
        const type = newType();
        const task = newTask({ type });
        await store.insert([task], AGAIN_MS);
        await store.queues.pause(type);
        await store.queues.resume(type);

        expect(await store.queues.hold([task.id])).toBe(0);
      });

      it('says how many of its tasks are ready, due later and running', async () => {
        const type = newType();
        const running = newTask({ type });
        await store.insert([...newTasks(3, { type }), ...newTasks(2, { type, due: { inMs: 60_000 } }), running], AGAIN_MS);
        await claimed(running.id, type);
        const depth = await store.queues.depth(type);

        expect(depth).toMatchObject({ type, ready: 3, scheduled: 2, processing: 1, exact: true });
        expect(depth.oldestReadyMs).toBeGreaterThanOrEqual(0);
        expect(depth.oldestReadyMs).toBeLessThan(60_000);
        expect(await store.queues.depth(newType())).toMatchObject({ ready: 0, scheduled: 0, oldestReadyMs: null });
      });

      it('tells the parts of a long queue from samples', async () => {
        const type = newType();
        await store.insert([...newTasks(900, { type }), ...newTasks(900, { type, due: { inMs: 60_000 } })], AGAIN_MS);

        expect(await store.queues.depth(type)).toMatchObject({ ready: 900, scheduled: 900, exact: false });
      });

      it('knows how many tasks stand before one', async () => {
        const type = newType();
        const tasks = newTasks(4, { type });
        await store.insert(tasks, AGAIN_MS);
        await lasting(5);

        expect(await store.queues.before(tasks[3]!.id, type, 100)).toBe(3);
        expect(await store.queues.before(tasks[3]!.id, type, 2)).toBe(2);
        expect(await store.queues.before(tasks[0]!.id, type, 100)).toBe(0);
      });
    });

    describe('a worker', () => {
      it('is shown as it said last', async () => {
        await store.workers.beat(beat({ id: 'shown' }));
        const running = [{ taskId: newTask().id, type: 'a', since: new Date().toISOString() }];
        await store.workers.beat(beat({ id: 'shown', busy: 1, running }));
        const [worker] = (await store.workers.list()).filter(({ id }) => id === 'shown');

        expect(worker).toMatchObject({ ...beat({ id: 'shown', busy: 1, running }), drainAt: null });
        expect(worker!.seenAt.getTime()).toBeGreaterThanOrEqual(worker!.startedAt.getTime());
        expect(worker!.silentMs).toBeLessThan(60_000);
      });

      it('learns that it must take no more tasks', async () => {
        expect((await store.workers.beat(beat({ id: 'drained' }))).drain).toBe(false);
        expect(await store.workers.drain('drained')).toBe(true);

        expect((await store.workers.beat(beat({ id: 'drained' }))).drain).toBe(true);
        expect((await store.workers.beat(beat({ id: 'other' }))).drain).toBe(false);
        expect(await store.workers.drain('nobody')).toBe(false);
      });

      it('learns which queues are paused and which are released', async () => {
        const [paused, resumed] = [newType(), newType()];
        await store.queues.pause(paused);
        await store.queues.pause(resumed);
        await store.queues.resume(resumed);
        const orders = await store.workers.beat(beat({ id: 'learning' }));

        expect(orders.paused).toContain(paused);
        expect(orders.paused).not.toContain(resumed);
        expect(orders.resuming).toContain(resumed);
      });

      it('is gone once it has left, or was silent for long', async () => {
        const ids = async () => (await store.workers.list()).map(({ id }) => id);
        await store.workers.beat(beat({ id: 'leaving' }));
        await store.workers.leave('leaving');
        expect(await ids()).not.toContain('leaving');
        await store.workers.beat(beat({ id: 'silent' }));
        await store.workers.forget(60_000);
        expect(await ids()).toContain('silent');
        await lasting(20);
        await store.workers.forget(10);
        expect(await ids()).not.toContain('silent');
      });
    });

    it('gives a duty to one holder at a time', async () => {
      expect(await store.duties.take('sweep', 'a', 60_000)).toBe(true);
      expect(await store.duties.take('sweep', 'b', 60_000)).toBe(false);
      expect(await store.duties.take('sweep', 'a', 1)).toBe(true);
      await lasting(10);

      expect(await store.duties.take('sweep', 'b', 60_000)).toBe(true);
    });

    it('counts tasks by type and status, up to a limit', async () => {
      const type = newType();
      const [done, failed, ...waiting] = newTasks(6, { type });
      await store.insert([done!, failed!, ...waiting], AGAIN_MS);
      const failure = { kind: 'error', message: 'no luck', attempt: 1 } as const;
      await store.settle([complete(await claimed(done!.id, type), 'null')]);
      await store.settle([fail(await claimed(failed!.id, type), failure, { retryable: false })]);

      expect(await store.stats.types()).toContain(type);
      expect(await store.stats.counts([type], 3)).toEqual([
        { type, PENDING: 3, PROCESSING: 0, COMPLETED: 1, FAILED: 1, CANCELLED: 0 },
      ]);
      expect(await store.stats.oldestWaiting(type, 100)).toMatchObject({ id: waiting[0]!.id, type });
      expect(await store.stats.oldestWaiting(newType(), 100)).toBeNull();
      expect((await store.stats.failures(10)).find(({ id }) => id === failed!.id)).toMatchObject({ type, error: failure });
    });

    it('finds tasks by text in their payload, their result and their error', async () => {
      const type = newType();
      const [paid, done, failed, none] = newTasks(4, { type });
      paid!.payload = JSON.stringify({ note: 'a "quoted" Ärger\n' });
      await store.insert([paid!, done!, failed!, none!], AGAIN_MS);
      await store.settle([complete(await claimed(done!.id, type), JSON.stringify({ url: 'HTTPS://Example.com/100%' }))]);
      const failure = { kind: 'error', message: 'Connection refused', attempt: 1 } as const;
      await store.settle([fail(await claimed(failed!.id, type), failure, { retryable: false })]);
      const found = async (q: string) => (await store.list({ type, q }, { size: 10 })).tasks.map(({ id }) => id);

      expect(await found('"QUOTED" ärger\n')).toEqual([paid!.id]);
      expect(await found('example.com/100%')).toEqual([done!.id]);
      expect(await found('connection refused')).toEqual([failed!.id]);
      expect(await found('example%refused')).toEqual([]);
    });

    it('keeps figures made from the rows, and made again they are the same', async () => {
      const type = newType();
      const [done, failed, off, waiting, running] = newTasks(5, { type });
      await store.insert([done!, failed!, off!, waiting!, running!], AGAIN_MS);
      const failure = { kind: 'error', message: 'no luck', attempt: 1 } as const;
      const claims = [];
      for (const task of [done!, failed!, running!]) claims.push(await claimed(task.id, type));
      await store.settle([complete(claims[0]!, 'null')]);
      await store.settle([fail(claims[1]!, failure, { retryable: false })]);
      await store.settle([cancel((await store.find(off!.id)) as TaskIn<'PENDING'>)]);
      const { now } = await store.stats.clock(60);
      const [from, to] = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 60_000)];
      const mine = (figures: readonly Figures[]) => figures.filter((one) => one.type === type);
      const [measured] = mine(await store.stats.measure(from, to));

      expect(measured).toMatchObject({ submitted: 5, started: 3, completed: 1, failed: 1, cancelled: 1 });
      expect(Object.values(measured!.waits).reduce((sum, n) => sum + n, 0)).toBe(2);
      expect(Object.values(measured!.runs).reduce((sum, n) => sum + n, 0)).toBe(2);

      const at = new Date(Date.UTC(2030, 0, 1));
      await store.stats.keep(60, at, [measured!]);
      await store.stats.keep(60, at, [measured!]);
      const kept = mine(await store.stats.figures(60, at, new Date(at.getTime() + 1)));
      expect(kept).toEqual([{ ...measured!, at }]);
      expect((await store.stats.clock(60)).last).toEqual(at);
      expect(await store.stats.figures(60, at, new Date(at.getTime() + 1), 'test.other')).toEqual([]);
      await store.stats.forget(new Date(at.getTime() + 1));
      expect((await store.stats.clock(60)).last).toBeNull();
    });

    it('tells the states of those of the tasks that exist', async () => {
      const type = newType();
      const task = newTask({ type });
      await store.insert([task], AGAIN_MS);
      await claimed(task.id, type);

      const states = await store.history.states([task.id, newTask().id]);
      expect(states).toEqual([expect.objectContaining({ id: task.id, type, status: 'PROCESSING', attempt: 1, workerId: 'w' })]);
      expect(await store.history.states([])).toEqual([]);
    });
  });
}
