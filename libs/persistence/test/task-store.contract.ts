import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  MAX_TASK_LINES,
  cancel,
  complete,
  crash,
  fail,
  handBack,
  putOff,
  type ClaimTerms,
  type Failure,
  type KeyedInsert,
  type NewTask,
  type Task,
  type TaskFilter,
  type TaskIn,
  type TaskStore,
} from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { newTask, newTasks, taskId } from './builders.js';

const AGAIN_MS = 60_000;

/** A store with an empty database, and how to be rid of both. */
export interface OpenedStore {
  store: TaskStore;
  close(): Promise<void>;
}

/** What every store must do, whatever keeps its rows. */
export function describeTaskStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`TaskStore on ${name}`, () => {
    let opened: OpenedStore;
    let store: TaskStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      await eventually('the store answers', () => store.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    /** Inserts one task and claims it. */
    async function claimed(
      differences: Partial<NewTask> = {},
      terms: Partial<ClaimTerms> = {},
    ): Promise<TaskIn<'PROCESSING'> & Task> {
      const task = newTask(differences);
      await store.insert([task], AGAIN_MS);
      return claimAgain(task.id, terms);
    }

    async function claimAgain(id: string, terms: Partial<ClaimTerms> = {}): Promise<TaskIn<'PROCESSING'> & Task> {
      await eventually('it can be claimed', async () => (await store.claim([id], asWorker(terms)))[0]);
      return (await found(id)) as TaskIn<'PROCESSING'> & Task;
    }

    /** A claimed task whose lease ran out. */
    async function abandoned(): Promise<TaskIn<'PROCESSING'> & Task> {
      const task = await claimed({}, { leaseMs: 50 });
      await eventually('its lease has run out', async () => (await store.expired(1_000)).some(({ id }) => id === task.id));
      return task;
    }

    async function found(id: string): Promise<Task> {
      return (await store.find(id))!;
    }

    describe('keepFile', () => {
      const file = (name: string, differences: object = {}) => ({
        name,
        mediaType: 'application/pdf',
        size: 5_000_000_000,
        sha256: 'a'.repeat(64),
        storageKey: `place/${name.length}`,
        ...differences,
      });

      it('notes the files of a task by name', async () => {
        const lease = await claimed();
        const names = ['Übersicht 🦊.pdf', 'b.pdf', 'a b.pdf'];
        for (const name of names) expect(await store.keepFile(lease, file(name))).toEqual({ kept: true, replaced: null });

        expect(await store.files(lease.id)).toEqual(
          ['a b.pdf', 'b.pdf', 'Übersicht 🦊.pdf'].map((name) => ({ ...file(name), createdAt: expect.any(Date) })),
        );
        expect(await store.files(taskId())).toEqual([]);
      });

      it('replaces a file of the same name, and says whose place it took', async () => {
        const lease = await claimed();
        await store.keepFile(lease, file('a', { storageKey: 'first' }));

        expect(await store.keepFile(lease, file('a', { storageKey: 'second' }))).toEqual({ kept: true, replaced: 'first' });
        expect(await store.keepFile(lease, file('A'))).toEqual({ kept: true, replaced: null });
        expect((await store.files(lease.id)).map(({ storageKey }) => storageKey)).toEqual(['place/1', 'second']);
      });

      it('notes nothing of an attempt that lost its lease', async () => {
        const first = await claimed();
        await store.settle([handBack(first)]);
        const before = await store.keepFile(first, file('a'));
        const second = await claimAgain(first.id);

        expect([before, await store.keepFile(first, file('a'))]).toEqual([{ kept: false }, { kept: false }]);
        expect(await store.keepFile(second, file('b'))).toEqual({ kept: true, replaced: null });
        expect((await store.files(first.id)).map(({ name }) => name)).toEqual(['b']);
      });
    });

    describe('report', () => {
      const progress = { current: 3, total: 10, message: 'third' };
      const lines = (...numbers: number[]) =>
        numbers.map((line) => ({ line, level: 'info' as const, message: `line ${line}`, agoMs: 0 }));

      it('keeps progress and lines of a running attempt', async () => {
        const { id, attempt } = await claimed();
        const odd = { line: 2, level: 'warn' as const, message: "Ünïcode 🦊 'quoted'", agoMs: 500 };
        await store.report([{ lease: { id, attempt }, progress: JSON.stringify(progress), lines: [...lines(1), odd] }]);

        expect((await found(id)).progress).toEqual(progress);
        const log = await store.logs(id, { size: 10 });
        expect(log).toEqual([
          { attempt, line: 1, level: 'info', message: 'line 1', at: expect.any(Date) },
          { attempt, line: 2, level: 'warn', message: odd.message, at: expect.any(Date) },
        ]);
        expect(log[0]!.at.getTime() - log[1]!.at.getTime()).toBe(500);
        expect(Math.abs(log[0]!.at.getTime() - Date.now())).toBeLessThan(60_000);
      });

      it('keeps nothing of an attempt that lost its lease', async () => {
        const first = await claimed();
        await store.settle([handBack(first)]);
        const report = { lease: first, progress: JSON.stringify(progress), lines: lines(1) };
        await store.report([report]);
        const second = await claimAgain(first.id);
        await store.report([report]);
        await store.settle([complete(second, 'null')]);
        await store.report([{ ...report, lease: second }]);

        expect(await found(first.id)).toMatchObject({ status: 'COMPLETED', progress: null });
        expect(await store.logs(first.id, { size: 10 })).toEqual([]);
      });

      it('leaves the progress as it is when a report has none, and takes the last word when there are several', async () => {
        const { id, attempt } = await claimed();
        const lease = { id, attempt };
        await store.report([
          { lease, progress: JSON.stringify({ ...progress, current: 1 }), lines: lines(1) },
          { lease, progress: JSON.stringify(progress), lines: lines(2) },
        ]);
        await store.report([{ lease, lines: lines(3) }]);

        expect((await found(id)).progress).toEqual(progress);
        expect((await store.logs(id, { size: 10 })).map(({ line }) => line)).toEqual([1, 2, 3]);
      });

      it('begins a new attempt without progress, and keeps what the attempts before it said', async () => {
        const first = await claimed();
        await store.report([{ lease: first, progress: JSON.stringify(progress), lines: lines(1) }]);
        await store.settle([handBack(first)]);
        const waiting = await found(first.id);
        const second = await claimAgain(first.id);
        await store.report([{ lease: second, lines: lines(1) }]);

        expect(waiting.progress).toEqual(progress);
        expect(second.progress).toBeNull();
        expect((await store.logs(first.id, { size: 10 })).map(({ attempt }) => attempt)).toEqual([1, 2]);
      });

      it('keeps a repeated line once', async () => {
        const { id, attempt } = await claimed();
        const report = { lease: { id, attempt }, lines: lines(1, 2) };
        await store.report([report]);
        await store.report([report, { ...report, lines: lines(2, 3) }]);

        expect((await store.logs(id, { size: 10 })).map(({ line }) => line)).toEqual([1, 2, 3]);
      });

      it('keeps no more lines of a task than are allowed', async () => {
        const { id, attempt } = await claimed();
        const many = lines(...Array.from({ length: MAX_TASK_LINES - 1 }, (_, index) => index + 1));
        await store.report([{ lease: { id, attempt }, lines: many }]);
        await store.report([{ lease: { id, attempt }, lines: lines(MAX_TASK_LINES, MAX_TASK_LINES + 1) }]);

        expect(await store.logs(id, { size: MAX_TASK_LINES + 10 })).toHaveLength(MAX_TASK_LINES);
      });

      it('shows a log page by page', async () => {
        const { id, attempt } = await claimed();
        await store.report([{ lease: { id, attempt }, lines: lines(1, 2, 3) }]);
        const [, second] = await store.logs(id, { size: 2 });

        expect((await store.logs(id, { size: 2, after: second })).map(({ line }) => line)).toEqual([3]);
        expect(await store.logs(taskId(), { size: 2 })).toEqual([]);
        expect(await store.logs('kein Ärger', { size: 2 })).toEqual([]);
      });

      it('takes no reports at all', async () => {
        await expect(store.report([])).resolves.toBeUndefined();
      });
    });

    describe('insert', () => {
      it('keeps what was submitted', async () => {
        const task = newTask({
          title: 'Ein Titel, 日本, 🦊',
          description: 'two\nlines',
          priority: 'high',
          payload: '{"n":1}',
          metadata: '[1,"two"]',
          tags: ['a', 'b'],
          maxAttempts: 7,
          timeoutSeconds: 12,
          retry: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
          callbackUrl: 'https://example.com/hook?a=1',
          callbackFormat: 'result',
          notifyEmail: 'ops@example.com',
          retryOf: taskId(),
          scheduleId: taskId(),
        });
        await store.insert([task], AGAIN_MS);

        expect(await store.find(task.id)).toEqual({
          id: task.id,
          type: 'test.echo',
          title: 'Ein Titel, 日本, 🦊',
          description: 'two\nlines',
          status: 'PENDING',
          priority: 'high',
          payload: { n: 1 },
          metadata: [1, 'two'],
          result: null,
          error: null,
          progress: null,
          tags: ['a', 'b'],
          attempt: 0,
          maxAttempts: 7,
          failures: 0,
          crashes: 0,
          timeoutSeconds: 12,
          runAt: expect.any(Date),
          leaseUntil: null,
          workerId: null,
          retry: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
          callbackUrl: 'https://example.com/hook?a=1',
          callbackFormat: 'result',
          notifyEmail: 'ops@example.com',
          retryOf: task.retryOf,
          scheduleId: task.scheduleId,
          createdAt: expect.any(Date),
          startedAt: null,
          updatedAt: expect.any(Date),
          completedAt: null,
        });
      });

      it('keeps tasks of every kind that were submitted together', async () => {
        const ordinary = newTask({
          title: '12',
          description: '"1"\\n\n',
          priority: 'low',
          metadata: '{"a":["]"]}',
          maxAttempts: 1,
        });
        const long = newTask({ description: 'long\n'.repeat(2_000) });
        const later = newTask({ due: { inMs: 60_000 } });
        const tagged = newTask({ tags: ['together'] });
        await store.insert([ordinary, long, later, tagged], AGAIN_MS);

        const nothing = {
          payload: null,
          timeoutSeconds: null,
          callbackUrl: null,
          retryOf: null,
          scheduleId: null,
          status: 'PENDING',
        };
        expect(await found(ordinary.id)).toMatchObject({
          ...{ ...nothing, title: '12', description: '"1"\\n\n', priority: 'low', metadata: { a: [']'] } },
          ...{ tags: [], maxAttempts: 1, attempt: 0, failures: 0, crashes: 0 },
        });
        expect((await found(long.id)).description).toBe(long.description);
        expect((await found(later.id)).runAt.getTime()).toBeGreaterThan((await found(ordinary.id)).runAt.getTime() + 50_000);
        expect((await found(tagged.id)).tags).toEqual(['together']);
      });

      it('stamps rows with the time of now, in UTC', async () => {
        const task = newTask();
        await store.insert([task], AGAIN_MS);

        expect(Math.abs((await found(task.id)).createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      });

      it('keeps a due time to the millisecond', async () => {
        const at = new Date('2031-05-06T07:08:09.123Z');
        const task = newTask({ due: { at } });
        await store.insert([task], AGAIN_MS);

        expect((await found(task.id)).runAt).toEqual(at);
      });

      it('commits all or none', async () => {
        const [first, second] = newTasks(2, { tags: ['all-or-none'] });
        await store.insert([second!], AGAIN_MS);

        await expect(store.insert([first!, second!], AGAIN_MS)).rejects.toThrow();

        expect(await store.find(first!.id)).toBeNull();
      });

      it('takes no tasks at all', async () => {
        await expect(store.insert([], AGAIN_MS)).resolves.toBeUndefined();
      });

      it.each([
        ['text that looks like a number', '"123"'],
        ['a big number', '12345678901234567890'],
        ['a number with an exponent', '1e2'],
        ['the order of keys', '{"z":1,"a":2,"10":3,"9":4}'],
        ['keys that differ in case only', '{"a":1,"A":2}'],
        ['null', 'null'],
        ['an escaped NUL', '"a\\u0000b"'],
        ['a lone surrogate', '"\\ud800"'],
        ['what SQL might stumble over', JSON.stringify(`'"\\%_?;--\n\r\t\u001a:name $1`)],
        ['every plane of Unicode', JSON.stringify('é日🦊\u{10ffff}\u200d')],
        ['a date', '"2026-01-01T00:00:00.000Z"'],
        ['64 levels of nesting', `${'['.repeat(64)}${']'.repeat(64)}`],
      ])('gives back %s', async (_, json) => {
        const task = await claimed({ payload: json, metadata: json });
        await store.settle([complete(task, json)]);

        const { payload, metadata, result } = await found(task.id);
        expect([payload, metadata, result].map((value) => JSON.stringify(value))).toEqual(
          Array(3).fill(JSON.stringify(JSON.parse(json))),
        );
      });

      it('takes a payload of two megabytes', async () => {
        const text = '"'.repeat(2_000_000);
        const task = newTask({ payload: JSON.stringify(text) });
        await store.insert([task], AGAIN_MS);

        expect((await found(task.id)).payload).toBe(text);
      });
    });

    describe('claim', () => {
      it('grants an attempt with a lease', async () => {
        const task = newTask();
        await store.insert([task], AGAIN_MS);

        const granted = await store.claim([task.id], asWorker({ workerId: 'w-1', leaseMs: 30_000 }));
        const row = await found(task.id);

        expect(granted).toMatchObject([{ id: task.id, status: 'PROCESSING', attempt: 1 }]);
        expect(row).toMatchObject({ status: 'PROCESSING', attempt: 1, workerId: 'w-1' });
        expect(row.leaseUntil!.getTime() - row.startedAt!.getTime()).toBe(30_000);
      });

      it('answers what it takes to run and settle the task, as the row has it', async () => {
        const wishes = {
          priority: 'high',
          maxAttempts: 7,
          timeoutSeconds: 12,
          retry: { firstDelaySeconds: 2, maxDelaySeconds: 60 },
          callbackUrl: 'https://example.com/hook?a=1',
          callbackFormat: 'result',
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        } as const;
        const [plain, wishful] = [newTask(), newTask({ ...wishes, payload: '{"text":"Ü \\" 🦊"}' })];
        await store.insert([plain, wishful], AGAIN_MS);
        const granted = await store.claim([plain.id, wishful.id], asWorker());

        expect(granted.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
          expect.objectContaining({ id: plain.id, payload: null, maxAttempts: 3, callbackUrl: null, traceparent: null }),
          {
            ...wishes,
            id: wishful.id,
            type: 'test.echo',
            status: 'PROCESSING',
            payload: { text: 'Ü " 🦊' },
            attempt: 1,
            failures: 0,
            crashes: 0,
            startedAt: (await found(wishful.id)).startedAt,
            waitedMs: expect.any(Number),
          },
        ]);
      });

      it('says how long the task had been due', async () => {
        const task = newTask({ due: { at: new Date(Date.now() - 3_600_000) } });
        await store.insert([task], AGAIN_MS);
        const [granted] = await store.claim([task.id], asWorker());
        const { startedAt, runAt } = await found(task.id);

        expect(granted!.waitedMs).toBe(startedAt!.getTime() - runAt.getTime());
        expect(granted!.waitedMs).toBeGreaterThan(3_000_000);
      });

      it('grants each attempt to one of eight racers', async () => {
        const tasks = newTasks(40);
        await store.insert(tasks, AGAIN_MS);
        const ids = tasks.map(({ id }) => id);

        const won = await Promise.all(
          Array.from({ length: 8 }, (_, racer) => store.claim(shuffled(ids), asWorker({ workerId: `racer-${racer}` }))),
        );

        expect(
          won
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(ids.sort());
        expect(won.flat().every(({ attempt }) => attempt === 1)).toBe(true);
      });

      it('answers again what the worker holds already, with the same attempt', async () => {
        const task = await claimed({}, { workerId: 'again' });

        expect(await store.claim([task.id], asWorker({ workerId: 'again' }))).toMatchObject([{ id: task.id, attempt: 1 }]);
      });

      it('does not answer what another worker holds', async () => {
        const task = await claimed({}, { workerId: 'one' });

        expect(await store.claim([task.id], asWorker({ workerId: 'two' }))).toEqual([]);
      });

      it('leaves other types alone', async () => {
        const task = newTask({ type: 'test.other' });
        await store.insert([task], AGAIN_MS);

        expect(await store.claim([task.id], asWorker({ types: ['test.echo'] }))).toEqual([]);
      });

      it('grants nothing before its time, and then does', async () => {
        const task = newTask({ due: { inMs: 150 } });
        await store.insert([task], AGAIN_MS);

        expect(await store.claim([task.id], asWorker())).toEqual([]);
        const row = await claimAgain(task.id);
        expect(row.startedAt!.getTime()).toBeGreaterThanOrEqual(row.runAt.getTime());
      });

      it('ignores unknown ids, repeated ids and no ids', async () => {
        const task = newTask();
        await store.insert([task], AGAIN_MS);

        expect(await store.claim([], asWorker())).toEqual([]);
        expect(await store.claim([task.id, taskId(), task.id, 'no such id', 'ü🦊'], asWorker())).toMatchObject([
          { id: task.id, attempt: 1 },
        ]);
      });

      it('grants nothing to a worker that knows no type', async () => {
        const task = newTask();
        await store.insert([task], AGAIN_MS);

        expect(await store.claim([task.id], asWorker({ types: [] }))).toEqual([]);
      });
    });

    describe('unclaimed', () => {
      it('are tasks that are due and left alone, and no others', async () => {
        const [foreign, later, taken] = [newTask({ type: 'test.other' }), newTask({ due: { inMs: 60_000 } }), newTask()];
        await store.insert([foreign, later, taken], AGAIN_MS);
        const ids = [foreign, later, taken].map(({ id }) => id);
        await store.claim(ids, asWorker());

        expect((await store.unclaimed([...ids, taskId(), 'ü🦊'])).map(({ id }) => id)).toEqual([foreign.id]);
        expect(await store.unclaimed([])).toEqual([]);
      });

      it('can be put off, and are announced as fresh ones then', async () => {
        const foreign = newTask({ type: 'test.other' });
        await store.insert([foreign], AGAIN_MS);
        const [row] = (await store.unclaimed([foreign.id])) as (Task & TaskIn<'PENDING'>)[];

        expect(await store.settle([putOff(row!, 100)])).toEqual([true]);
        expect(await store.unclaimed([foreign.id])).toEqual([]);
        const due = async () => (await store.due(10_000)).find(({ id }) => id === foreign.id);
        expect(await eventually('it is due', due)).toMatchObject({ fresh: true });
        expect(await store.claim([foreign.id], asWorker({ types: ['test.other'] }))).toMatchObject([{ attempt: 1, failures: 0 }]);
      });
    });

    describe('leases', () => {
      it('are prolonged', async () => {
        const task = await claimed({}, { leaseMs: 10_000 });
        const lease = { id: task.id, attempt: 1 };

        expect(await store.renew([lease], 90_000)).toEqual([lease]);
        expect((await found(task.id)).leaseUntil!.getTime()).toBeGreaterThan(task.leaseUntil!.getTime() + 60_000);
      });

      it('are told apart into held and lost', async () => {
        const held = await claimed();
        const lost = await claimed();
        await store.settle([cancel(lost)]);
        const leases = [lost, held].map(({ id }) => ({ id, attempt: 1 }));
        const wanted = [{ id: held.id, attempt: 1 }];

        expect(await store.held(leases)).toEqual(wanted);
        expect(await store.renew(leases, 30_000)).toEqual(wanted);
        expect(await store.renew([{ id: held.id, attempt: 2 }], 30_000)).toEqual([]);
        expect(await store.renew([], 30_000)).toEqual([]);
        expect(await store.held([])).toEqual([]);
      });

      it('bring no longer life to a task than the last one gave: expiry follows the renewal', async () => {
        const task = await claimed({}, { leaseMs: 30_000 });
        await store.renew([{ id: task.id, attempt: 1 }], 50);

        const expired = await eventually('its lease has run out', async () =>
          (await store.expired(1_000)).find(({ id }) => id === task.id),
        );
        expect(expired).toMatchObject({ status: 'PROCESSING', attempt: 1 });
      });

      it('leave a worker that was stopped past its lease unable to renew, settle or fail the newer attempt', async () => {
        const stopped = await abandoned();
        await store.settle([crash(stopped, 3)]);
        const newer = await claimAgain(stopped.id, { workerId: 'newer' });

        expect(await store.renew([{ id: stopped.id, attempt: 1 }], 30_000)).toEqual([]);
        expect(await store.settle([complete(stopped, '"late"')])).toEqual([false]);
        expect(await store.settle([fail(stopped, failure(), { retryable: true })])).toEqual([false]);
        expect(await store.settle([handBack(stopped)])).toEqual([false]);
        expect(await store.find(stopped.id)).toEqual(newer);
      });
    });

    describe('settle', () => {
      it('completes a task', async () => {
        const task = await claimed();

        expect(await store.settle([complete(task, '{"ok":true}')])).toEqual([true]);

        expect(await found(task.id)).toMatchObject({
          status: 'COMPLETED',
          result: { ok: true },
          error: null,
          leaseUntil: null,
          workerId: task.workerId,
          completedAt: expect.any(Date),
        });
      });

      it('answers for each of many, in order', async () => {
        const [a, b, c, d] = await Promise.all([claimed(), claimed(), claimed(), claimed()]);
        await store.settle([cancel(b)]);

        const landed = await store.settle([
          complete(a, '"a"'),
          complete(b, '"b"'),
          complete(c, '"c"'),
          complete({ ...d, attempt: 9 }, '"d"'),
        ]);

        expect(landed).toEqual([true, false, true, false]);
        expect((await found(a.id)).result).toBe('a');
        expect((await found(b.id)).status).toBe('CANCELLED');
        expect((await found(c.id)).result).toBe('c');
        expect((await found(d.id)).status).toBe('PROCESSING');
      });

      it('applies all kinds in one call', async () => {
        const [a, b, c, d] = await Promise.all([claimed(), claimed(), claimed(), claimed()]);

        const landed = await store.settle([
          fail(b, failure(), { retryable: false }),
          complete(a, '1'),
          cancel(c),
          handBack(d),
          complete({ ...a, id: taskId() }, '2'),
        ]);

        expect(landed).toEqual([true, true, true, true, false]);
        expect(await Promise.all([a, b, c, d].map(async ({ id }) => (await found(id)).status))).toEqual([
          'COMPLETED',
          'FAILED',
          'CANCELLED',
          'PENDING',
        ]);
      });

      it('gives the first of two for one task the win', async () => {
        const task = await claimed();

        expect(await store.settle([cancel(task), complete(task, '1')])).toEqual([true, false]);
        expect((await found(task.id)).status).toBe('CANCELLED');
      });

      it('counts a repeated completion as landed, and keeps the first result', async () => {
        const task = await claimed();
        await store.settle([complete(task, '"first"')]);

        expect(await store.settle([complete(task, '"second"')])).toEqual([true]);
        expect(await store.settle([complete(task, '"third"'), cancel(task)])).toEqual([true, false]);
        expect((await found(task.id)).result).toBe('first');
      });

      it('puts a failed attempt back in line for later, and remembers it', async () => {
        const task = await claimed({}, { workerId: 'w-9' });
        const error = failure({ message: 'no luck' });

        expect(await store.settle([fail(task, error, { retryable: true, dueInMs: 60_000 })])).toEqual([true]);

        const row = await found(task.id);
        expect(row).toMatchObject({
          status: 'PENDING',
          error,
          failures: 1,
          crashes: 0,
          attempt: 1,
          workerId: null,
          leaseUntil: null,
          completedAt: null,
        });
        expect(row.runAt.getTime() - row.updatedAt.getTime()).toBe(60_000);
        expect(await store.pastAttempts(task.id)).toEqual([
          { attempt: 1, workerId: 'w-9', startedAt: task.startedAt, endedAt: expect.any(Date), error },
        ]);
      });

      it('forgets the error when a later attempt completes', async () => {
        const task = await claimed();
        await store.settle([fail(task, failure(), { retryable: true, dueInMs: 0 })]);
        const second = await claimAgain(task.id);
        await store.settle([complete(second, 'true')]);

        expect(await found(task.id)).toMatchObject({ status: 'COMPLETED', attempt: 2, error: null, failures: 1 });
        expect(await store.pastAttempts(task.id)).toHaveLength(1);
      });

      it('hands a task back without a mark on it', async () => {
        const task = await claimed();

        expect(await store.settle([handBack(task)])).toEqual([true]);

        expect(await found(task.id)).toMatchObject({ status: 'PENDING', failures: 0, crashes: 0, error: null, attempt: 1 });
        expect(await store.pastAttempts(task.id)).toEqual([]);
        expect(await claimAgain(task.id)).toMatchObject({ attempt: 2 });
      });

      it('counts a crash only when the lease has run out', async () => {
        const alive = await claimed();
        const gone = await abandoned();

        expect(await store.settle([crash(alive, 3), crash(gone, 3)])).toEqual([false, true]);

        expect(await found(alive.id)).toMatchObject({ status: 'PROCESSING', crashes: 0 });
        expect(await found(gone.id)).toMatchObject({ status: 'PENDING', crashes: 1, failures: 0, error: { kind: 'crash' } });
        expect(await store.pastAttempts(gone.id)).toMatchObject([{ attempt: 1, error: { kind: 'crash' } }]);
        expect(await store.pastAttempts(alive.id)).toEqual([]);
      });

      it('takes one of two crash reports of the same attempt', async () => {
        const gone = await abandoned();

        const landed = await Promise.all([store.settle([crash(gone, 3)]), store.settle([crash(gone, 3)])]);

        expect(landed.flat().sort()).toEqual([false, true]);
        expect(await found(gone.id)).toMatchObject({ crashes: 1 });
      });

      it('cancels a waiting and a running task, and keeps when it started', async () => {
        const waiting = newTask();
        await store.insert([waiting], AGAIN_MS);
        const running = await claimed();

        expect(await store.settle([cancel({ ...(await found(waiting.id)), status: 'PENDING' }), cancel(running)])).toEqual([
          true,
          true,
        ]);

        expect(await found(waiting.id)).toMatchObject({ status: 'CANCELLED', startedAt: null, completedAt: expect.any(Date) });
        expect(await found(running.id)).toMatchObject({
          status: 'CANCELLED',
          startedAt: running.startedAt,
          error: { kind: 'cancelled' },
        });
      });

      it('never changes a final status', async () => {
        const task = await claimed();
        await store.settle([complete(task, '1')]);
        const before = await found(task.id);

        await store.settle([cancel(task), handBack(task), fail(task, failure(), { retryable: true }), crash(task, 1)]);
        await store.claim([task.id], asWorker());
        await store.markAnnounced([task.id], 0);
        await store.park([task.id]);

        expect(await store.find(task.id)).toEqual(before);
        expect(await store.pastAttempts(task.id)).toEqual([]);
      });

      it('survives 16 writers that settle the same tasks in every order', async () => {
        const tasks = await Promise.all(Array.from({ length: 12 }, () => claimed()));

        const landed = await Promise.all(
          Array.from({ length: 16 }, async (_, writer) => {
            const order = shuffled(tasks);
            const landed = await store.settle(
              order.map((task) => (writer % 2 ? cancel(task) : fail(task, failure(), { retryable: false }))),
            );
            return order.filter((_, index) => landed[index]).map(({ id }) => id);
          }),
        );

        expect(landed.flat().sort()).toEqual(tasks.map(({ id }) => id).sort());
      });

      it('takes no transitions at all', async () => {
        expect(await store.settle([])).toEqual([]);
      });
    });

    describe('finished', () => {
      it('names those in a final status', async () => {
        const [done, failed, cancelled, running] = await Promise.all([claimed(), claimed(), claimed(), claimed()]);
        await store.settle([complete(done, '1'), fail(failed, failure(), { retryable: false }), cancel(cancelled)]);

        const finished = await store.finished([done, failed, cancelled, running].map(({ id }) => id).concat(taskId()));

        expect(finished.sort()).toEqual([done.id, failed.id, cancelled.id].sort());
        expect(await store.finished([])).toEqual([]);
      });
    });

    describe('find', () => {
      it.each([taskId(), '', 'no id', 'ü🦊', `' OR 1=1 --`])('answers null for the unknown id %p', async (id) => {
        expect(await store.find(id)).toBeNull();
        expect(await store.pastAttempts(id)).toEqual([]);
      });
    });

    describe('insertOnce', () => {
      it('inserts once, however often and however many at a time it comes', async () => {
        const key = taskId();
        const attempts = Array.from({ length: 8 }, (_, n) => keyed({ key, answer: `"${n}"` }));

        const outcomes = await Promise.all(attempts.map((attempt) => store.insertOnce([attempt], AGAIN_MS)));

        const winner = outcomes.findIndex(([outcome]) => outcome!.inserted);
        const inserted = await Promise.all(attempts.map(async ({ tasks }) => (await store.find(tasks[0]!.id)) !== null));
        expect(inserted.map((was, n) => was === (n === winner))).toEqual(Array(8).fill(true));
        expect(outcomes.filter(([outcome]) => !outcome!.inserted)).toEqual(
          Array(7).fill([{ inserted: false, fingerprint: 'f', answer: `"${winner}"` }]),
        );
      });

      it('gives the second of two equal keys in one call the answer of the first', async () => {
        const key = taskId();
        const [first, second, other] = [
          keyed({ key, fingerprint: 'f1', answer: '1' }),
          keyed({ key, fingerprint: 'f2', answer: '2' }),
          keyed(),
        ];

        expect(await store.insertOnce([first, other, second], AGAIN_MS)).toEqual([
          { inserted: true },
          { inserted: true },
          { inserted: false, fingerprint: 'f1', answer: '1' },
        ]);
        expect(await store.find(second.tasks[0]!.id)).toBeNull();
      });

      it('tells keys apart by case and by trailing space', async () => {
        const key = `Key-${taskId()}`;
        const keys = [key, key.toLowerCase(), `${key} `, `${key}ü`];

        expect(
          await store.insertOnce(
            keys.map((key) => keyed({ key })),
            AGAIN_MS,
          ),
        ).toEqual(Array(4).fill({ inserted: true }));
      });

      it('lets a key that has run out be used again', async () => {
        const key = taskId();
        await store.insertOnce([keyed({ key, keepMs: 50, answer: '1' })], AGAIN_MS);

        const second = keyed({ key, answer: '2' });
        await eventually('the key has run out', async () => (await store.insertOnce([second], AGAIN_MS))[0]!.inserted);

        expect(await store.find(second.tasks[0]!.id)).not.toBeNull();
        expect(await store.insertOnce([keyed({ key })], AGAIN_MS)).toEqual([{ inserted: false, fingerprint: 'f', answer: '2' }]);
      });

      it('keeps no key when the tasks cannot be inserted', async () => {
        const taken = newTask();
        await store.insert([taken], AGAIN_MS);
        const key = taskId();

        await expect(store.insertOnce([keyed({ key, tasks: [taken] })], AGAIN_MS)).rejects.toThrow();

        expect(await store.insertOnce([keyed({ key })], AGAIN_MS)).toEqual([{ inserted: true }]);
      });

      it('survives 8 callers that bring the same keys in every order', async () => {
        const keys = Array.from({ length: 20 }, () => taskId());

        const outcomes = await Promise.all(
          Array.from({ length: 8 }, () =>
            store.insertOnce(
              shuffled(keys).map((key) => keyed({ key, tasks: newTasks(2, { tags: ['keyed'] }) })),
              AGAIN_MS,
            ),
          ),
        );

        expect(outcomes.flat().filter(({ inserted }) => inserted)).toHaveLength(keys.length);
      });

      it('forgets keys that have run out, a few at a time', async () => {
        await store.insertOnce(
          Array.from({ length: 5 }, () => keyed({ keepMs: 0 })),
          AGAIN_MS,
        );
        const kept = keyed();
        await store.insertOnce([kept], AGAIN_MS);

        expect(await store.forgetKeys(2)).toBe(2);
        while ((await store.forgetKeys(100)) > 0);
        expect(await store.insertOnce([{ ...kept, tasks: [] }], AGAIN_MS)).toMatchObject([{ inserted: false }]);
      });
    });

    describe('the sweeper', () => {
      async function due(id: string) {
        return (await store.due(10_000)).find((task) => task.id === id);
      }

      it('hears of a task that nobody claimed, and not before', async () => {
        const [soon, later] = newTasks(2, { priority: 'high' });
        await store.insert([soon!], 50);
        await store.insert([later!], AGAIN_MS);

        expect(await eventually('it is due', () => due(soon!.id))).toEqual({ id: soon!.id, priority: 'high', fresh: false });
        expect(await due(later!.id)).toBeUndefined();
      });

      it('hears of what waits for its next announcement when it asks ahead, but not of what is due later', async () => {
        const [waits, later] = [newTask(), newTask({ due: { inMs: 60_000 } })];
        await store.insert([waits, later], AGAIN_MS);
        const ahead = (await store.due(10_000, AGAIN_MS)).map(({ id }) => id);

        expect(ahead).toContain(waits.id);
        expect(ahead).not.toContain(later.id);
      });

      it('hears of a delayed task as a fresh one when it is due', async () => {
        const byDelay = newTask({ due: { inMs: 100 } });
        const byTime = newTask({ due: { at: new Date(Date.now() + 100) } });
        await store.insert([byDelay, byTime], AGAIN_MS);

        expect(await due(byDelay.id)).toBeUndefined();
        expect(await eventually('it is due', () => due(byDelay.id))).toMatchObject({ fresh: true });
        expect(await eventually('it is due', () => due(byTime.id))).toMatchObject({ fresh: true });
      });

      it('hears at once of a task for a time that is past, after the announcement had its chance', async () => {
        const task = newTask({ due: { at: new Date(Date.now() - 3_600_000) } });
        await store.insert([task], 50);

        expect(await eventually('it is due', () => due(task.id))).toMatchObject({ fresh: false });
      });

      it('hears of hand-backs and retries as fresh ones', async () => {
        const [back, again] = await Promise.all([claimed(), claimed()]);
        await store.settle([handBack(back), fail(again, failure(), { retryable: true, dueInMs: 0 })]);

        expect(await due(back.id)).toMatchObject({ fresh: true });
        expect(await due(again.id)).toMatchObject({ fresh: true });
      });

      it('does not hear of claimed tasks, only of leases that ran out', async () => {
        const task = newTask();
        await store.insert([task], 0);
        await store.claim([task.id], asWorker());

        expect(await due(task.id)).toBeUndefined();
        expect((await store.expired(1_000)).map(({ id }) => id)).not.toContain(task.id);
      });

      it('does not hear again of what was announced just now', async () => {
        const task = newTask();
        await store.insert([task], 0);
        await store.markAnnounced([task.id], AGAIN_MS);

        expect(await due(task.id)).toBeUndefined();
        await store.markAnnounced([task.id], 50);
        expect(await eventually('it is due', () => due(task.id))).toMatchObject({ fresh: false });
      });

      it('finds parked tasks by their class, oldest first, and nowhere else', async () => {
        const [first, second] = newTasks(2, { priority: 'low' });
        await store.insert([second!, first!], 0);
        await store.park([second!.id, first!.id, taskId()]);

        expect(await due(first!.id)).toBeUndefined();
        expect(await store.parked('low', 10)).toEqual([first, second].map((task) => ({ id: task!.id, priority: 'low' })));
        expect(await store.parked('low', 1)).toHaveLength(1);
        expect(await store.parked('high', 10)).toEqual([]);

        await store.markAnnounced([first!.id], AGAIN_MS);
        expect(await store.parked('low', 10)).toEqual([{ id: second!.id, priority: 'low' }]);
      });

      it('does not lose a retry that was put back for later by parking or marking it', async () => {
        const task = await claimed();
        await store.settle([fail(task, failure(), { retryable: true, dueInMs: 150 })]);
        await store.park([task.id]);
        await store.markAnnounced([task.id], AGAIN_MS);

        expect(await eventually('it is due', () => due(task.id))).toMatchObject({ fresh: true });
      });

      it('may claim a parked task', async () => {
        const task = newTask();
        await store.insert([task], 0);
        await store.park([task.id]);

        expect(await claimAgain(task.id)).toMatchObject({ attempt: 1 });
        expect((await store.parked('normal', 10_000)).map(({ id }) => id)).not.toContain(task.id);
      });

      it('is given no more than it asked for, oldest first', async () => {
        const tasks = newTasks(3);
        for (const task of tasks) await store.insert([task], 0);

        const all = (await store.due(10_000)).map(({ id }) => id);
        expect(all.filter((id) => tasks.some((task) => task.id === id))).toEqual(tasks.map(({ id }) => id));
        expect(await store.due(2)).toHaveLength(2);
      });

      it('may mark and park nothing', async () => {
        await store.markAnnounced([], 0);
        await store.park([]);
      });
    });

    describe('list', () => {
      const mark = taskId();
      const tagged: Task[] = [];

      /** All pages, read to the end. */
      async function all(filter: TaskFilter, size: number): Promise<string[]> {
        const ids: string[] = [];
        let before: string | undefined;
        do {
          const page = await store.list(filter, { size, before });
          expect(page.tasks.length).toBeLessThanOrEqual(size);
          ids.push(...page.tasks.map(({ id }) => id));
          before = page.next ?? undefined;
        } while (before !== undefined);
        return ids;
      }

      beforeAll(async () => {
        for (let n = 0; n < 30; n++) {
          const task = newTask({
            type: n % 3 === 0 ? 'list.a' : 'list.b',
            title: n % 5 === 0 ? `Ärger 100%_fox ${n}` : `Plain ${n}`,
            description: n % 7 === 0 ? 'with a STRASSE|\\path' : null,
            tags: [mark, n % 2 === 0 ? 'even' : 'odd'],
          });
          await store.insert([task], AGAIN_MS);
          if (n % 4 === 0) {
            const [row] = await store.claim([task.id], asWorker({ types: ['list.a', 'list.b'] }));
            if (n % 8 === 0) await store.settle([complete(row!, '1')]);
          }
          tagged.push(await found(task.id));
        }
        tagged.reverse();
      });

      const filters: [string, TaskFilter, (task: Task) => boolean][] = [
        ['nothing but the tag', {}, () => true],
        ['a status', { statuses: ['PENDING'] }, ({ status }) => status === 'PENDING'],
        ['statuses', { statuses: ['COMPLETED', 'PROCESSING'] }, ({ status }) => status !== 'PENDING'],
        ['a type', { type: 'list.a' }, ({ type }) => type === 'list.a'],
        [
          'a type and statuses',
          { type: 'list.b', statuses: ['PENDING', 'COMPLETED'] },
          (t) => t.type === 'list.b' && t.status !== 'PROCESSING',
        ],
        ['text of the title, whatever the case', { q: 'ÄRGER' }, ({ title }) => title.startsWith('Ärger')],
        ['text of the description', { q: 'strasse|\\PATH' }, ({ description }) => description !== null],
        ['text with wildcards in it', { q: '100%_f' }, ({ title }) => title.startsWith('Ärger')],
        [
          'text and a status',
          { q: 'plain', statuses: ['PENDING'] },
          (t) => t.status === 'PENDING' && t.title.startsWith('Plain'),
        ],
        ['text that is nowhere', { q: 'argerx' }, () => false],
        ['no status at all', { statuses: [] }, () => false],
        ['a type that cannot be', { type: 'ü🦊' }, () => false],
      ];

      it.each(filters)('pages by %s, complete and without doubles, newest first', async (_, filter, fits) => {
        const wanted = tagged.filter(fits).map(({ id }) => id);

        for (const size of [1, 4, 100]) expect(await all({ ...filter, tag: mark }, size)).toEqual(wanted);
      });

      it.each(filters.slice(1))('pages by %s without the tag just as well', async (_, filter, fits) => {
        const ours = new Set(tagged.map(({ id }) => id));
        const wanted = tagged.filter(fits).map(({ id }) => id);

        expect((await all(filter, 7)).filter((id) => ours.has(id))).toEqual(wanted);
      });

      it('ends a page early that would hold too much text, and goes on behind it', async () => {
        const tag = taskId();
        const payload = JSON.stringify('x'.repeat(1_500_000));
        const heavy = newTasks(6, { tags: [tag], payload });
        for (const task of heavy) await store.insert([task], AGAIN_MS);

        expect((await store.list({ tag }, { size: 100 })).tasks).toHaveLength(2);
        expect(await all({ tag }, 100)).toEqual(heavy.map(({ id }) => id).reverse());
      });

      it('holds the times of creation', async () => {
        const [newest, middle, oldest] = [tagged[5]!, tagged[10]!, tagged[15]!];
        const filter = { tag: mark, createdAfter: oldest.createdAt, createdBefore: middle.createdAt };
        const wanted = tagged.filter(({ createdAt }) => createdAt >= oldest.createdAt && createdAt < middle.createdAt);

        expect(await all(filter, 3)).toEqual(wanted.map(({ id }) => id));
        expect(await all({ createdAfter: newest.createdAt, type: 'list.a' }, 2)).toEqual(
          tagged.filter(({ createdAt, type }) => createdAt >= newest.createdAt && type === 'list.a').map(({ id }) => id),
        );
      });

      it('gives whole tasks', async () => {
        expect((await store.list({ tag: mark }, { size: 1 })).tasks).toEqual([tagged[0]]);
      });

      it('is stable while new tasks come in', async () => {
        const first = await store.list({ type: 'list.a' }, { size: 2 });
        await store.insert(newTasks(5, { type: 'list.a' }), AGAIN_MS);
        const second = await store.list({ type: 'list.a' }, { size: 2, before: first.next! });

        const wanted = tagged.filter(({ type }) => type === 'list.a').map(({ id }) => id);
        expect([...first.tasks, ...second.tasks].map(({ id }) => id)).toEqual(wanted.slice(0, 4));
      });

      it('tells tags apart by case and by trailing space', async () => {
        const tag = `Tag-${mark}`;
        const task = newTask({ tags: [tag, tag] });
        await store.insert([task], AGAIN_MS);

        expect(await all({ tag }, 10)).toEqual([task.id]);
        expect(await all({ tag: tag.toLowerCase() }, 10)).toEqual([]);
        expect(await all({ tag: `${tag} ` }, 10)).toEqual([]);
      });

      it('ends a page that looked at too many rows, and goes on from there', async () => {
        const needle = newTask({ type: 'list.long', title: 'Needle' });
        await store.insert([needle], AGAIN_MS);
        for (let n = 0; n < 25; n++) await store.insert(newTasks(1_000, { type: 'list.long' }), AGAIN_MS);

        const first = await store.list({ type: 'list.long', q: 'needle' }, { size: 10 });
        expect(first).toMatchObject({ tasks: [], next: expect.any(String) });
        const second = await store.list({ type: 'list.long', q: 'needle' }, { size: 10, before: first.next! });
        expect(second).toMatchObject({ tasks: [{ id: needle.id }], next: null });
      }, 60_000);
    });
  });
}

function asWorker(terms: Partial<ClaimTerms> = {}): ClaimTerms {
  return { workerId: 'worker', leaseMs: 30_000, types: ['test.echo'], ...terms };
}

function failure(differences: Partial<Failure> = {}): Failure {
  return { kind: 'error', message: 'boom', attempt: 1, ...differences };
}

function keyed(differences: Partial<KeyedInsert> = {}): KeyedInsert {
  return { key: taskId(), fingerprint: 'f', tasks: [newTask()], answer: '"yes"', keepMs: 60_000, ...differences };
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
