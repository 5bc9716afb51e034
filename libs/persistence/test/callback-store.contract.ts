import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CALLBACK_TYPE,
  cancel,
  complete,
  crash,
  deliveryId,
  fail,
  type CallbackStore,
  type ClaimedTask,
  type Task,
  type TaskStore,
} from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { newTask, taskId } from './builders.js';

const AGAIN_MS = 60_000;
const failure = { kind: 'error', message: 'no luck', attempt: 1 } as const;

/** A store with an empty database, and how to be rid of both. */
export interface OpenedStores {
  store: TaskStore & { callbacks: CallbackStore };
  close(): Promise<void>;
}

/** What every store must do about callbacks. */
export function describeCallbackStore(name: string, open: () => Promise<OpenedStores>): void {
  describe(`Callbacks on ${name}`, () => {
    let opened: OpenedStores;
    let store: OpenedStores['store'];

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      await eventually('the store answers', () => store.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    async function claimed(callbackUrl: string | null = 'https://example.com/', leaseMs = 60_000): Promise<ClaimedTask> {
      const task = newTask({ callbackUrl, callbackFormat: 'result' });
      await store.insert([task], AGAIN_MS);
      const [row] = await store.claim([task.id], { workerId: 'worker', leaseMs, types: ['test.echo'] });
      return row!;
    }
    const deliveryOf = (task: Pick<Task, 'id'>) => store.find(deliveryId(task.id, 0));

    it('has a delivery for every task that ended and asked for one, however it ended', async () => {
      const [done, failed, cancelled, unasked] = await Promise.all([claimed(), claimed(), claimed(), claimed(null)]);
      const gone = await claimed(undefined, 50);
      await eventually('the lease is over', async () => (await store.expired(100)).some(({ id }) => id === gone.id));
      await store.settle([complete(done, '1'), complete(unasked, '1')]);
      await store.settle([fail(failed, failure, { retryable: false }), cancel(cancelled), crash(gone, 1)]);

      for (const task of [done, failed, cancelled, gone]) {
        expect(await deliveryOf(task)).toMatchObject({
          type: CALLBACK_TYPE,
          status: 'PENDING',
          priority: 'high',
          payload: { task_id: task.id, url: 'https://example.com/', format: 'result' },
        });
      }
      expect(await deliveryOf(unasked)).toBeNull();
    });

    it('has none before the task has ended, and one only however often the end is told', async () => {
      const task = await claimed();
      await store.settle([fail(task, failure, { retryable: true, dueInMs: 0 })]);
      expect(await deliveryOf(task)).toBeNull();

      const [again] = await store.claim([task.id], { workerId: 'worker', leaseMs: 60_000, types: ['test.echo'] });
      const transition = complete(again!, '1');
      expect(await store.settle([transition])).toEqual([true]);
      expect(await store.settle([transition])).toEqual([true]);
      expect(await store.settle([transition, cancel(again!)])).toEqual([true, false]);
      const { tasks } = await store.list({ type: CALLBACK_TYPE }, { size: 200 });
      expect(tasks.filter(({ payload }) => (payload as { task_id: string }).task_id === task.id)).toHaveLength(1);
    });

    it('has none for an end that did not land', async () => {
      const task = await claimed(undefined, 50);
      await eventually('the lease is over', async () => (await store.expired(100)).some(({ id }) => id === task.id));
      await store.settle([crash(task, 9)]);

      expect(await store.settle([complete(task, '1')])).toEqual([false]);
      expect(await store.settle([fail(task, failure, { retryable: false })])).toEqual([false]);
      expect(await deliveryOf(task)).toBeNull();
    });

    it('has a delivery that can be claimed at once', async () => {
      const task = await claimed();
      await store.settle([complete(task, '1')]);
      const id = deliveryId(task.id, 0);

      expect(await store.claim([id], { workerId: 'worker', leaseMs: 60_000, types: [CALLBACK_TYPE] })).toMatchObject([{ id }]);
    });

    it('leaves deliveries out of a list, whatever else is asked', async () => {
      const task = await claimed();
      await store.settle([complete(task, '1')]);
      const listed = async (filter: object) =>
        (await store.list({ ...filter, notTypes: [CALLBACK_TYPE] }, { size: 200 })).tasks.map(({ type }) => type);

      for (const filter of [{}, { statuses: ['PENDING', 'COMPLETED'] as const }, { q: 'a' }, { createdAfter: new Date(0) }]) {
        expect(await listed(filter)).not.toContain(CALLBACK_TYPE);
      }
      expect(await listed({})).toContain('test.echo');
    });

    it('keeps the tries of deliveries, oldest first, each once', async () => {
      const [a, b] = [taskId(), taskId()];
      const made = { deliveryId: a, attempt: 1, durationMs: 40, status: 503, answer: 'später ☂', error: null };
      await store.callbacks.addTry(made);
      await store.callbacks.addTry({ ...made, status: 200 });
      await store.callbacks.addTry({
        ...made,
        attempt: 3,
        durationMs: 0,
        status: null,
        answer: null,
        error: 'The host cannot be reached.',
      });
      const tries = await store.callbacks.tries([a, b]);

      expect(tries).toMatchObject([made, { attempt: 3, status: null, error: 'The host cannot be reached.' }]);
      expect(Math.abs(Date.now() - tries[0]!.at.getTime())).toBeLessThan(60_000);
      expect(await store.callbacks.tries([])).toEqual([]);
    });

    it('keeps the first secret, for all who ask', async () => {
      const secrets = await Promise.all(['whsec_a', 'whsec_b', 'whsec_c'].map((fresh) => store.callbacks.secret(fresh)));

      expect(new Set(secrets).size).toBe(1);
      expect(await store.callbacks.secret('whsec_d')).toBe(secrets[0]);
    });
  });
}
