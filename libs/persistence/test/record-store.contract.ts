import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LeaseLost, cancel, crash, type Lease, type TaskIn, type TaskStore } from '@app/tasks';
import type { ImportFile, RecordStore, RowSlice } from '@app/records';
import { eventually } from '../../../test/support/eventually.js';
import { newTask, taskId } from './builders.js';

export interface OpenedStores {
  store: TaskStore & { records: RecordStore };
  close(): Promise<void>;
}

/** Rows from one number to another; those of `bad` are errors. */
function sliceOf(after: number, to: number, bad: readonly number[] = []): RowSlice {
  const all = Array.from({ length: to - after }, (_, index) => after + 1 + index);
  const numbers = all.filter((row) => !bad.includes(row));
  return {
    after,
    to,
    numbers,
    rows: numbers.map((row) => JSON.stringify({ id: row, name: `it's "x\\y" ${row % 3} ü`, even: row % 2 === 0 })),
    errors: bad.map((row) => ({ row, line: row + 1, reason: 'is broken', text: `'"\\ ${row}` })),
    fields: ['id', 'name', 'even'],
  };
}

/** What every store of rows must do, whatever keeps them. */
export function describeRecordStore(name: string, open: () => Promise<OpenedStores>): void {
  describe(`RecordStore on ${name}`, () => {
    let opened: OpenedStores;
    let tasks: TaskStore;
    let records: RecordStore;
    let count = 0;

    beforeAll(async () => {
      opened = await open();
      tasks = opened.store;
      records = opened.store.records;
      await eventually('the store answers', () => tasks.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    /** The lease on a task that is running. */
    async function running(given: Parameters<typeof newTask>[0] = {}): Promise<Lease> {
      const task = newTask({ type: 'file.import', payload: '{"size":100}', ...given });
      await tasks.insert([task], 60_000);
      return claimed(task.id);
    }

    async function claimed(id: string): Promise<Lease> {
      const [task] = await tasks.claim([id], { workerId: `w${++count}`, leaseMs: 60_000, types: ['file.import'] });
      return { id, attempt: task!.attempt };
    }

    function fileOf(given: Partial<ImportFile> = {}): ImportFile {
      count++;
      return { dataset: `set-${count}`, source: `uploads/${taskId()}`, name: 'Größe.csv', size: 100, ...given };
    }

    async function imported(file: ImportFile, ...slices: RowSlice[]) {
      const lease = await running();
      const { number } = await records.begin(lease, file);
      for (const slice of slices) await records.append(lease, number, slice, slice.to);
      return { lease, number };
    }

    it('writes rows as they are, and bad ones with their reasons', async () => {
      const file = fileOf();
      const { lease, number } = await imported(file, sliceOf(0, 3, [2]), sliceOf(3, 5));
      await records.end(lease, number, { format: 'csv', outcome: '' });

      const page = await records.records(file.dataset, { size: 10 });
      expect(page.next).toBeNull();
      expect(page.rows.map(({ row, data }) => [row, JSON.parse(data)])).toEqual(
        [1, 3, 4, 5].map((id) => [id, { id, name: `it's "x\\y" ${id % 3} ü`, even: id % 2 === 0 }]),
      );
      expect(page.rows[0]).toMatchObject({ taskId: lease.id });
      expect(await records.errors(file.dataset, { size: 10 })).toEqual({
        rows: [{ import: number, taskId: lease.id, file: 'Größe.csv', row: 2, line: 3, reason: 'is broken', text: `'"\\ 2` }],
        next: null,
      });
      expect(await records.dataset(file.dataset)).toMatchObject({
        id: file.dataset,
        imports: 1,
        records: 4,
        errors: 1,
        fields: ['id', 'name', 'even'],
      });
    });

    it('writes the same slice once, however often it comes', async () => {
      const file = fileOf();
      const { lease, number } = await imported(file, sliceOf(0, 3), sliceOf(3, 6));
      await records.append(lease, number, sliceOf(3, 6), 6);

      expect((await records.records(file.dataset, { size: 10 })).rows).toHaveLength(6);
      await expect(records.append(lease, number, sliceOf(0, 4), 6)).rejects.toThrow(LeaseLost);
      await expect(records.append(lease, number, sliceOf(7, 9), 6)).rejects.toThrow(LeaseLost);
      expect(await records.dataset(file.dataset)).toMatchObject({ records: 6 });
    });

    it('lets a later attempt go on where the one before ended, and the one before no more', async () => {
      const file = fileOf();
      const { lease, number } = await imported(file, sliceOf(0, 3, [1]));
      await tasks.renew([lease], 0);
      await eventually('the lease has run out', async () => (await tasks.expired(100)).some(({ id }) => id === lease.id));
      await tasks.settle([crash((await tasks.find(lease.id)) as TaskIn<'PROCESSING'>, 3)]);
      const second = await claimed(lease.id);

      const state = await records.begin(second, file);
      expect(state).toMatchObject({ number, row: 3, records: 2, errors: 1, outcome: null });
      await expect(records.append(lease, number, sliceOf(3, 6), 6)).rejects.toThrow(LeaseLost);
      await expect(records.begin(lease, file)).rejects.toThrow(LeaseLost);
      await expect(records.end(lease, number, { format: 'csv', outcome: '' })).rejects.toThrow(LeaseLost);
      await records.append(second, number, sliceOf(3, 6), 6);

      expect((await records.records(file.dataset, { size: 10 })).rows.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
    });

    it('writes nothing for a task that was called off', async () => {
      const file = fileOf();
      const { lease, number } = await imported(file, sliceOf(0, 3));
      await tasks.settle([cancel((await tasks.find(lease.id)) as TaskIn<'PROCESSING'>)]);

      await expect(records.append(lease, number, sliceOf(3, 6, [4]), 6)).rejects.toThrow(LeaseLost);

      expect(await records.dataset(file.dataset)).toMatchObject({ records: 3, errors: 0 });
      expect((await records.records(file.dataset, { size: 10 })).rows).toHaveLength(3);
      expect((await records.errors(file.dataset, { size: 10 })).rows).toHaveLength(0);
    });

    it('writes a file into a dataset once, whichever task does it', async () => {
      const file = fileOf();
      const { lease, number } = await imported(file, sliceOf(0, 3));
      expect(await records.end(lease, number, { format: 'csv', outcome: '' })).toMatchObject({ outcome: '', format: 'csv' });

      expect(await records.begin(await running(), file)).toMatchObject({ number, outcome: '', records: 3 });
      expect(await records.begin(await running(), { ...file, dataset: `other-${count}` })).toMatchObject({
        row: 0,
        outcome: null,
      });
    });

    it('begins imports of one dataset side by side', async () => {
      const { dataset } = fileOf();
      const leases = await Promise.all(Array.from({ length: 10 }, () => running()));

      const states = await Promise.all(leases.map((lease) => records.begin(lease, fileOf({ dataset }))));

      expect(new Set(states.map(({ number }) => number)).size).toBe(10);
      expect(await records.dataset(dataset)).toMatchObject({ imports: 10, records: 0 });
    });

    it('gives pages over all imports of a dataset', async () => {
      const { dataset } = fileOf();
      await imported(fileOf({ dataset }), sliceOf(0, 7));
      await imported(fileOf({ dataset }), sliceOf(0, 5, [2, 4]));

      const seen: string[] = [];
      let after: { import: number; row: number } | undefined;
      do {
        const page = await records.records(dataset, { size: 3, after });
        seen.push(...page.rows.map((row) => `${row.import}/${row.row}`));
        after = page.next ?? undefined;
      } while (after);
      expect(seen).toHaveLength(10);
      expect(new Set(seen).size).toBe(10);

      const first = await records.errors(dataset, { size: 1 });
      expect(first.rows.map(({ row }) => row)).toEqual([2]);
      expect(await records.errors(dataset, { size: 1, after: first.next! })).toMatchObject({ rows: [{ row: 4 }], next: null });
    });

    it.each([
      ['name', `it's "x\\y" 1 ü`, [1, 4, 7, 10]],
      ['id', '7', [7]],
      ['even', 'true', [2, 4, 6, 8, 10]],
      ['nothing', 'x', []],
      ["'; DROP TABLE records; --", 'x', []],
    ])('finds rows by the field %s', async (field, value, rows) => {
      const file = fileOf();
      await imported(file, sliceOf(0, 10));

      const page = await records.records(file.dataset, { size: 20, filter: { field, value } });

      expect(page.rows.map(({ row }) => row)).toEqual(rows);
      expect(page.next).toBeNull();
      if (rows.length < 3) return;
      const some = await records.records(file.dataset, { size: 2, filter: { field, value } });
      expect(some.rows.map(({ row }) => row)).toEqual(rows.slice(0, 2));
      const rest = await records.records(file.dataset, { size: 20, after: some.next!, filter: { field, value } });
      expect(rest.rows.map(({ row }) => row)).toEqual(rows.slice(2));
    });

    it('sums up the tasks of a batch', async () => {
      const tag = `batch:${taskId()}`;
      const file = fileOf();
      const lease = await running({ tags: [tag] });
      const { number } = await records.begin(lease, file);
      await records.append(lease, number, sliceOf(0, 5, [5]), 60);
      await running({ tags: [tag] });
      await tasks.insert([newTask({ tags: [tag] })], 60_000);

      expect(await records.batch(tag)).toEqual([
        { taskId: lease.id, status: 'PROCESSING', payload: { size: 100 }, records: 4, errors: 1, bytes: 60 },
        { taskId: expect.any(String), status: 'PROCESSING', payload: { size: 100 }, records: 0, errors: 0, bytes: 0 },
      ]);
      expect(await records.batch('batch:none')).toEqual([]);
    });

    it('lists datasets by id', async () => {
      const [a, b] = [fileOf({ dataset: 'zz-b' }), fileOf({ dataset: 'zz-a' })];
      await imported(a, sliceOf(0, 2));
      await imported(b);

      const found = await records.datasets({ size: 10, after: 'zz' });
      expect(found.map(({ id, records }) => [id, records])).toEqual([
        ['zz-a', 0],
        ['zz-b', 2],
      ]);
      expect(await records.datasets({ size: 1, after: 'zz-a' })).toHaveLength(1);
      expect(await records.dataset('none')).toBeNull();
      expect(await records.records('none', { size: 1 })).toEqual({ rows: [], next: null });
    });
  });
}
