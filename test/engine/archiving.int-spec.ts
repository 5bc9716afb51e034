import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import Libsql from 'libsql';
import { readParquet } from 'parquet-wasm/node';
import { Archiving, FiscalCalendar, openArchiveStorage, type ArchiveStorage, type ArchiveStore, type Period } from '@app/archive';
import { Settings } from '@app/config';
import { openMysqlStore, openSqliteStore } from '@app/persistence';
import { NotNow, PermanentFailure, cancel, complete, deliveryId, type Lease, type TaskIn } from '@app/tasks';
import { newTask } from '../../libs/persistence/test/builders.js';
import {
  HARD_JSON,
  dump,
  ended,
  plantRecords,
  plantTasks,
  running,
  untilNow,
  type Sql,
  type Stores,
} from '../support/archived.js';
import { TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openBucket } from '../support/s3.js';
import { Scope } from '../support/scope.js';
import { S3_ENDPOINT } from '../support/servers.mjs';
import { describeWithMysql, describeWithS3 } from '../support/suites.js';
import { taskContext } from '../support/task-context.js';

interface Opened {
  store: Stores;
  storage: ArchiveStorage;
  sql: Sql;
}

const settingsOf = (given: Partial<Settings>): Settings => Object.assign(new Settings(), { databaseTimeoutMs: 10_000 }, given);

async function openEmbedded(scope: Scope): Promise<Opened & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
  scope.onEnd(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tasks.db');
  const store = await openSqliteStore(settingsOf({ databaseUrl: `sqlite:${path}` }));
  scope.onEnd(() => store.close());
  const beside = new Libsql(path, { timeout: 5_000 });
  scope.onEnd(() => beside.close());
  const sql: Sql = async (text) => {
    const statement = beside.prepare(text);
    return statement.reader ? (statement.all() as Record<string, unknown>[]) : (statement.run(), []);
  };
  const storage = await openArchiveStorage(settingsOf({ archiveUrl: `file:${join(folder, 'archive')}` }));
  return { store, storage, sql, folder: join(folder, 'archive') };
}

async function openServers(scope: Scope): Promise<Opened> {
  const database = await TestDatabase.create(scope);
  const store = openMysqlStore(settingsOf({ databaseUrl: database.url }));
  scope.onEnd(() => store.close());
  await eventually('the store answers', () => store.ping().then(() => true));
  const bucket = await openBucket();
  scope.onEnd(bucket.remove);
  const storage = await openArchiveStorage(settingsOf({ archiveUrl: `s3://${bucket.name}/years`, s3Endpoint: S3_ENDPOINT }));
  return { store, storage, sql: (text) => database.rows(text) };
}

function archivingOf({ store, storage }: Pick<Opened, 'store' | 'storage'>, archives: ArchiveStore = store.archives): Archiving {
  const options = { deleteRows: true, graceMs: 0, keepKeysMs: 3_600_000, pollMs: 1 };
  return new Archiving(archives, storage, store.schedules, new FiscalCalendar('04-01', 'UTC'), options);
}

/** Does something right before a method of the store is called for the first time. */
function before<M extends keyof ArchiveStore>(
  store: ArchiveStore,
  method: M,
  act: (...given: unknown[]) => Promise<boolean>,
): ArchiveStore {
  let done = false;
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        if (name === method && !done) done = await act(...given);
        return (value as (...given: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}

const inContext = (lease: Lease) => taskContext({ taskId: lease.id, attempt: lease.attempt });

function describeArchiving(name: string, open: (scope: Scope) => Promise<Opened>): void {
  describe(`Archives with ${name}`, () => {
    const scope = new Scope();
    let opened: Opened;
    let store: Stores;

    beforeAll(async () => {
      opened = await open(scope);
      store = opened.store;
    }, 60_000);
    afterAll(() => scope.end());
    beforeEach(async () => {
      for (const table of [
        'tasks',
        'task_attempts',
        'task_logs',
        'task_tags',
        'schedule_tasks',
        'callback_tries',
        'records',
        'imports',
        'idempotency_keys',
        'task_files',
      ]) {
        await opened.sql(`DELETE FROM ${table}`);
      }
    });

    const begin = (type = 'archive.year') => running(store, { type });
    async function archive(period: Period, archiving = archivingOf(opened), lease?: Lease) {
      const held = lease ?? (await begin());
      return archiving.make(period, inContext(held));
    }
    async function restore(id: string) {
      const context = inContext(await begin('archive.restore'));
      const archiving = archivingOf(opened);
      const attempt = () => archiving.restore(id, { days: 1, tier: 'Standard' }, context);
      return attempt().catch((error: Error) => {
        if (error instanceof NotNow) return attempt();
        throw error;
      });
    }

    it('exports rows, deletes them, and puts them back as they were', async () => {
      await plantTasks(store, 30);
      await plantRecords(store, 'people', 2_500);
      await plantRecords(store, 'more', 7);
      const whole = await dump(opened.sql);
      expect([whole.tasks.length, whole.records.length]).toEqual([32, 2_507]);

      const period = await untilNow(store);
      const made = await archive(period);

      expect(made).toMatchObject({ status: 'COMPLETED', deleted: 2_539, deleteRows: true });
      const left = await dump(opened.sql);
      expect(left).toMatchObject({ tasks: [], attempts: [], logs: [], tags: [], schedules: [], records: [] });
      expect(await store.records.dataset('people')).toMatchObject({ records: 0, archived: 2_500 });

      expect(await restore(made.id)).toMatchObject({ status: 'RESTORED', restored: 2_539 });
      expect(await dump(opened.sql)).toEqual(whole);
      // A second time there is nothing to put back.
      expect(await restore(made.id)).toMatchObject({ status: 'RESTORED', restored: 0 });
      expect(await dump(opened.sql)).toEqual(whole);
    }, 60_000);

    it('takes what ended at the first instant of the period, and not what ended at its last', async () => {
      const [early, late] = [await ended(store), await ended(store)];
      const { from, to } = await untilNow(store);
      const at = async (id: string, instant: Date) => {
        const text = name.startsWith('SQLite')
          ? String(instant.getTime())
          : `'${instant.toISOString().slice(0, -1).replace('T', ' ')}'`;
        await opened.sql(`UPDATE tasks SET completed_at = ${text} WHERE id = '${id}'`);
      };
      await at(early, from);
      await at(late, to);

      expect(await archivingOf(opened).preview({ from, to })).toMatchObject({ counts: { tasks: { rows: 1, kept: 0 } } });
      expect((await archive({ from, to })).deleted).toBe(1);
      expect([await store.find(early), await store.find(late)]).toEqual([null, expect.objectContaining({ id: late })]);
    });

    it('leaves what changed or came after it was exported', async () => {
      const [changed, same] = [await ended(store), await ended(store)];
      const number = await plantRecords(store, 'people', 3);
      const period = await untilNow(store);
      const act = async (...given: unknown[]) => {
        if (given[2] !== 'VERIFIED') return false;
        await opened.sql(`UPDATE tasks SET title = 'changed' WHERE id = '${changed}'`);
        await opened.sql(`UPDATE records SET data = '{"id":"changed"}' WHERE row_no = 2`);
        await opened.sql(`INSERT INTO records SELECT dataset_no, import_no, 4, data FROM records WHERE row_no = 3`);
        return true;
      };
      await archive(period, archivingOf(opened, before(store.archives, 'advance', act)));

      expect(await store.find(same)).toBeNull();
      expect(await store.find(changed)).toMatchObject({ title: 'changed' });
      const { rows } = await store.records.records('people', { size: 10 });
      expect(rows.map(({ import: of, row }) => [of, row])).toEqual([
        [number, 2],
        [number, 4],
      ]);
    });

    it('waits for what refers to a task, and then deletes it', async () => {
      const called = await ended(store, { callbackUrl: 'https://example.com/' });
      const keyed = newTask({ type: 'test.echo' });
      await store.insertOnce(
        [{ key: 'k', fingerprint: 'f', tasks: [keyed], answer: `{"task_id":"${keyed.id}"}`, keepMs: 3_600_000 }],
        60_000,
      );
      await store.claim([keyed.id], { workerId: 'w', leaseMs: 60_000, types: ['test.echo'] });
      await store.settle([complete((await store.find(keyed.id)) as TaskIn<'PROCESSING'>, 'null')]);
      const kept = await running(store);
      const file = { name: 'a', mediaType: 'text/plain', size: 1, sha256: '0'.repeat(64), storageKey: 'k' };
      await store.keepFile(kept, file);
      await store.settle([complete((await store.find(kept.id)) as TaskIn<'PROCESSING'>, 'null')]);
      const free = await ended(store);
      const period = await untilNow(store);
      const lease = await begin();
      const archiving = archivingOf(opened);
      const there = async () => Promise.all([called, keyed.id, kept.id, free].map(async (id) => (await store.find(id)) !== null));

      expect((await archiving.preview(period)).counts.tasks).toEqual({ rows: 4, kept: 3 });
      await expect(archive(period, archiving, lease)).rejects.toThrow(NotNow);
      expect(await there()).toEqual([true, true, true, false]);

      await opened.sql(`DELETE FROM idempotency_keys`);
      const delivery = (await store.find(deliveryId(called, 0))) as TaskIn<'PENDING'>;
      await store.settle([cancel(delivery)]);
      expect(await archive(period, archiving, lease)).toMatchObject({ status: 'COMPLETED', deleted: 3 });
      // The file of a task is not archived, so the task stays with it.
      expect(await there()).toEqual([false, false, true, false]);
    });

    it('deletes nothing when a file is not kept as it was written', async () => {
      const id = await ended(store);
      const period = await untilNow(store);
      const act = async (...given: unknown[]) => {
        if (!(given[3] as { manifest?: unknown }).manifest) return false;
        const { prefix } = (await store.archives.find(lease.id))!;
        const [file] = await opened.storage.list(`${prefix}/tasks`);
        await opened.storage.put(file!, bytes('something else'), { cold: true, signal: new AbortController().signal });
        return true;
      };
      const lease = await begin();

      const made = archive(period, archivingOf(opened, before(store.archives, 'advance', act)), lease);
      await expect(made).rejects.toThrow(PermanentFailure);
      await expect(made).rejects.toThrow('Nothing was deleted');
      expect(await store.find(id)).not.toBeNull();
      await expect(restore(lease.id)).rejects.toThrow('it can be restored once it is VERIFIED');
    });

    it('does not begin before the period has ended, and goes no further once another attempt has begun', async () => {
      await expect(archive({ from: new Date(0), to: new Date(Date.now() + 60_000) })).rejects.toThrow('has not come');

      const id = await ended(store);
      const period = await untilNow(store);
      const lease = await begin();
      const stale = { ...lease, attempt: lease.attempt - 1 };
      await expect(archive(period, archivingOf(opened), stale)).rejects.toThrow('no longer owns its lease');
      expect(await store.find(id)).not.toBeNull();
    });

    it('archives every column of a task but those that a final one has empty', async () => {
      await ended(store);
      const [row] = await opened.sql('SELECT * FROM tasks');
      const { TASK_TABLE_COLUMNS } = await import('@app/archive');

      expect([...TASK_TABLE_COLUMNS.map(({ name }) => name), 'lease_until', 'announce_at'].toSorted()).toEqual(
        Object.keys(row!).toSorted(),
      );
    });
  });
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describeArchiving('SQLite and a folder', openEmbedded);
describeWithMysql('MySQL', () => describeWithS3('and S3', () => describeArchiving('MySQL and S3', openServers)));

describe('An archive in a folder', () => {
  const scope = new Scope();
  afterAll(() => scope.end());

  it('can be read without Taskwell', async () => {
    const opened = await openEmbedded(scope);
    const id = await ended(opened.store, { title: 'Größe 👩‍🚀', payload: HARD_JSON, tags: ['a'] });
    await plantRecords(opened.store, 'people', 120);
    const lease = await running(opened.store, { type: 'archive.year' });
    await archivingOf(opened).make(await untilNow(opened.store), inContext(lease));

    const [folder] = readdirSync(opened.folder);
    const manifest = JSON.parse(readFileSync(join(opened.folder, folder!, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ format: 'taskwell-archive', schema_version: 1, archive_id: lease.id, time_zone: 'UTC' });
    expect(manifest.tables.records).toMatchObject({ rows: 120, parts: [{ rows: 120, first_key: '1/1', last_key: '1/120' }] });
    const rowsOf = async (kind: string): Promise<Record<string, unknown>[]> => {
      const table = readParquet(await readFile(join(opened.folder, manifest.tables[kind].parts[0].key)));
      return tableFromIPC(table.intoIPCStream())
        .toArray()
        .map((row) => row.toJSON());
    };
    const [task] = await rowsOf('tasks');
    expect(task).toMatchObject({
      id,
      title: 'Größe 👩‍🚀',
      status: 'COMPLETED',
      payload: HARD_JSON,
      result: HARD_JSON,
      tags: '["a"]',
      schedule_id: null,
    });
    expect(new Date(Number(task!['completed_at'])).getTime()).toBeGreaterThan(Date.now() - 60_000);
    const records = await rowsOf('records');
    expect(records).toHaveLength(120);
    expect(records[1]).toMatchObject({
      dataset: 'people',
      row_no: 2n,
      file_name: 'Größe.csv',
      data: '{"id":2,"name":"name 2 ü"}',
    });
  });

  it('is begun again where it was interrupted, without what nobody had noted', async () => {
    const opened = await openEmbedded(scope);
    await ended(opened.store);
    const lease = await running(opened.store, { type: 'archive.year' });
    const period = await untilNow(opened.store);
    const broken = before(opened.store.archives, 'keepPart', () => Promise.reject(new Error('gone')));
    await expect(archivingOf(opened, broken).make(period, inContext(lease))).rejects.toThrow('gone');
    const [folder] = readdirSync(opened.folder);
    writeFileSync(join(opened.folder, folder!, 'tasks', '00001.0.parquet'), 'of an attempt before');

    await archivingOf(opened).make(period, inContext(lease));

    expect(readdirSync(join(opened.folder, folder!, 'tasks'))).toEqual(['00001.1.parquet']);
  });
});
