import { setTimeout as pause } from 'node:timers/promises';
import type { ArchiveStore } from '@app/archive';
import type { RecordStore } from '@app/records';
import { complete, fail, type Lease, type NewTask, type ScheduleStore, type TaskIn, type TaskStore } from '@app/tasks';
import { newTask, taskId } from '../../libs/persistence/test/builders.js';

/** A store with everything that archives are about. */
export type Stores = TaskStore & { archives: ArchiveStore; records: RecordStore; schedules: ScheduleStore };

/** Runs one statement on the database of the store, beside it. */
export type Sql = (sql: string) => Promise<Record<string, unknown>[]>;

/** JSON that loses something in many hands: large numbers, escapes, accents, an emoji, a NUL, deep nesting. */
export const HARD_JSON =
  '{"big":12345678901234567890,"small":1.0e-7,"exact":0.1000,"negative":-0,"text":"it\'s \\"x\\\\y\\" ü 👩‍🚀 \\u0000 \\ud83d\\ude00\\r\\n","deep":[[[[null,true]]]],"":{}}';

let workers = 0;

/** The lease on a task that runs. */
export async function running(store: TaskStore, given: Partial<NewTask> = {}): Promise<Lease> {
  const task = newTask(given);
  await store.insert([task], 60_000);
  const [claimed] = await store.claim([task.id], { workerId: `worker-${++workers}`, leaseMs: 600_000, types: [task.type] });
  return { id: task.id, attempt: claimed!.attempt };
}

/** A task that has come to its end; answers its id. */
export async function ended(
  store: TaskStore,
  given: Partial<NewTask> = {},
  end: 'COMPLETED' | 'FAILED' = 'COMPLETED',
): Promise<string> {
  const { id } = await running(store, given);
  const task = (await store.find(id)) as TaskIn<'PROCESSING'>;
  const error = { kind: 'error', message: "it's a — trap 🪤", attempt: task.attempt } as const;
  await store.settle([end === 'COMPLETED' ? complete(task, HARD_JSON) : fail(task, error, { retryable: false })]);
  return id;
}

/** Tasks of every kind: with nothing, with everything that a row can have, failed ones, ones with logs, tags and a schedule. */
export async function plantTasks(store: TaskStore, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const full: Partial<NewTask> = {
      title: 'Größe 👩‍🚀 ' + String(index),
      description: 'two\nlines',
      payload: HARD_JSON,
      metadata: '{"n":1e400}'.replace('1e400', '1e308'),
      tags: [`tag-${index % 3}`, 'ä', 'ä '],
      timeoutSeconds: 5,
      retry: { firstDelaySeconds: 1, maxDelaySeconds: 2 },
      notifyEmail: 'a@example.com',
      retryOf: taskId(),
      scheduleId: taskId(),
      priority: 'high',
    };
    const lease = await running(store, index % 2 === 0 ? full : {});
    if (index % 3 === 0) {
      const lines = [1, 2].map((line) => ({ line, level: 'warn' as const, message: `line ${line} ü`, agoMs: 5 }));
      await store.report([{ lease, lines, progress: '{"current":1,"total":null,"message":"ü"}' }]);
    }
    const task = (await store.find(lease.id)) as TaskIn<'PROCESSING'>;
    const error = { kind: 'error', message: 'broken', attempt: task.attempt } as const;
    await store.settle([index % 5 === 4 ? fail(task, error, { retryable: false }) : complete(task, HARD_JSON)]);
    ids.push(lease.id);
  }
  return ids;
}

/** A dataset with an import that has ended; answers the number of the import. */
export async function plantRecords(store: Stores, dataset: string, count: number): Promise<number> {
  const lease = await running(store, { type: 'file.import', payload: '{"size":1}' });
  const file = { dataset, source: `uploads/${taskId()}`, name: 'Größe.csv', size: 1 };
  const { number } = await store.records.begin(lease, file);
  const size = 500;
  for (let after = 0; after < count; after += size) {
    const numbers = Array.from({ length: Math.min(size, count - after) }, (_, index) => after + index + 1);
    const rows = numbers.map((row) => (row % 100 === 1 ? HARD_JSON : JSON.stringify({ id: row, name: `name ${row} ü` })));
    await store.records.append(
      lease,
      number,
      { after, to: after + numbers.length, numbers, rows, errors: [], fields: ['id'] },
      1,
    );
  }
  await store.records.end(lease, number, { format: 'csv', outcome: '' });
  await store.settle([complete((await store.find(lease.id)) as TaskIn<'PROCESSING'>, 'null')]);
  return number;
}

/** A period that holds everything that has ended by now, and nothing that ends later. */
export async function untilNow(store: Stores): Promise<{ from: Date; to: Date }> {
  await pause(2);
  const to = new Date((await store.schedules.now()).getTime());
  await pause(2);
  return { from: new Date(to.getTime() - 3_600_000), to };
}

/** Archives are made and put back by tasks, which have rows too. */
const OTHERS = `(SELECT id FROM tasks WHERE type LIKE 'archive.%')`;

const TABLES = {
  tasks: `SELECT * FROM tasks WHERE id NOT IN ${OTHERS} ORDER BY id`,
  attempts: `SELECT * FROM task_attempts WHERE task_id NOT IN ${OTHERS} ORDER BY task_id, attempt`,
  logs: `SELECT * FROM task_logs WHERE task_id NOT IN ${OTHERS} ORDER BY task_id, attempt, line`,
  tags: 'SELECT * FROM task_tags ORDER BY tag, task_id',
  schedules: 'SELECT * FROM schedule_tasks ORDER BY schedule_id, task_id',
  tries: 'SELECT * FROM callback_tries ORDER BY delivery_id, attempt',
  records: 'SELECT * FROM records ORDER BY dataset_no, import_no, row_no',
  imports: 'SELECT * FROM imports ORDER BY number',
};

/** All rows of everything that is archived. */
export async function dump(sql: Sql): Promise<Record<keyof typeof TABLES, Record<string, unknown>[]>> {
  const tables = {} as Awaited<ReturnType<typeof dump>>;
  for (const [name, select] of Object.entries(TABLES)) tables[name as keyof typeof TABLES] = await sql(select);
  return tables;
}
