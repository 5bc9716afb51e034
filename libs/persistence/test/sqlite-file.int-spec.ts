import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type NewTask, type TaskStore } from '@app/tasks';
import Libsql from 'libsql';
import { openSqliteStore } from '../src/index.js';
import { pack } from '../src/sqlite/insert.js';
import { SqliteFile } from '../src/sqlite/sqlite-file.js';
import { eventually } from '../../../test/support/eventually.js';
import { newTask, newTasks } from './builders.js';

describe('SqliteTaskStore and its file', () => {
  let folder: string;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskwell-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function settings(path: string) {
    return { databaseUrl: `sqlite:${path}`, databaseTimeoutMs: 2_500, databasePoolSize: 1 };
  }

  async function opened(path = join(folder, 'tasks.db')): Promise<TaskStore & { close(): Promise<void> }> {
    const store = await openSqliteStore(settings(path));
    open.push(store);
    return store;
  }

  /** The file behind a store, which has its schema. */
  async function openedFile(): Promise<SqliteFile> {
    const path = join(folder, 'tasks.db');
    await (await opened(path)).close();
    const file = await SqliteFile.open({ path, busyTimeoutMs: 100 });
    open.push(file);
    return file;
  }

  function insert(file: SqliteFile, tasks: NewTask[]): Promise<void> {
    return file.call('insert', pack(tasks), 0);
  }

  it('makes the folder, and keeps tasks when it is closed and opened again', async () => {
    const path = join(folder, 'deep', 'er', 'tasks.db');
    const task = newTask();
    const first = await opened(path);
    await first.insert([task], 0);
    await first.close();

    expect(await (await opened(path)).find(task.id)).toMatchObject({ id: task.id });
  });

  it('writes so that a commit survives a power cut', async () => {
    const file = await openedFile();
    await insert(file, [newTask()]);

    expect(await file.rows('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    expect(await file.rows('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  it('undoes what failed, and nothing of what came with it', async () => {
    const store = await opened();
    const [task, other] = [newTask(), newTask()];
    await store.insert([task], 0);

    const outcomes = await Promise.allSettled([store.insert([other], 0), store.insert([newTask(), task], 0)]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await store.list({}, { size: 10 })).tasks.map(({ id }) => id)).toEqual([other.id, task.id]);
  });

  it('refuses a file that another process uses, until that process is killed', async () => {
    const path = join(folder, 'tasks.db');
    const other = await processThatHolds(`${path}.lock`);

    await expect(opened(path)).rejects.toThrow(`Cannot open the database file "${path}": another process is using it.`);

    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    await opened(path);
  });

  it('refuses to be opened twice, and can be opened once it is closed', async () => {
    const first = await opened();
    await expect(opened()).rejects.toThrow('another process is using it');
    await first.close();
    await first.close();
    await opened();
  });

  it.each([
    ['a folder', () => join(folder, 'a-folder')],
    ['a file that is no database', () => join(folder, 'text')],
    ['a path that leads through a file', () => join(folder, 'text', 'tasks.db')],
  ])('says in one line that it cannot open %s', async (_, path) => {
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'text'), 'no database, but long enough to be looked at. '.repeat(100));

    const error = await opened(path()).catch((error: Error) => error);

    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^Cannot open the database file "[^\n]*": [^\n]+\.$/);
  });

  it('is unavailable while the disk is full, and works when there is room', async () => {
    const file = await openedFile();
    const [{ page_count: pages }] = (await file.rows<{ page_count: number }>('PRAGMA page_count')) as [{ page_count: number }];
    await file.rows(`PRAGMA max_page_count = ${pages + 1}`);
    const large = newTasks(50, { payload: JSON.stringify('x'.repeat(10_000)) });

    const outcomes = await Promise.allSettled([insert(file, [newTask()]), insert(file, large)]);
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(await file.rows('SELECT id FROM tasks')).toHaveLength(outcomes[0].status === 'fulfilled' ? 1 : 0);

    await file.rows('PRAGMA max_page_count = 1000000');
    await insert(file, large);
  });

  it('fails everybody of a transaction that cannot be written, and works when the lock is gone', async () => {
    const file = await openedFile();
    const other = new Libsql(join(folder, 'tasks.db'));
    other.exec('BEGIN IMMEDIATE');
    const [first, second] = [newTask(), newTask()];

    const outcomes = await Promise.allSettled([insert(file, [first]), file.rows('SELECT 1'), insert(file, [second])]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailable) });
    other.exec('ROLLBACK');
    other.close();
    await Promise.all([insert(file, [first]), insert(file, [second])]);

    expect(await file.rows('SELECT id FROM tasks')).toHaveLength(2);
  });

  it('answers everybody when its thread dies in the middle of calls, keeps what it said was written, and goes on', async () => {
    const file = await openedFile();
    const tasks = newTasks(300);
    const calls = tasks.map((task) => insert(file, [task]));
    await calls[0];
    const more = newTasks(300).map((task) => insert(file, [task]));
    await (file as unknown as { thread: Worker }).thread.terminate();

    const outcomes = await Promise.allSettled([...calls, ...more]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
    }
    await eventually('it is open again', () => file.rows('SELECT 1'));
    const kept = await file.rows('SELECT id FROM tasks');
    expect(kept.length).toBeGreaterThanOrEqual(outcomes.filter(({ status }) => status === 'fulfilled').length);
    await insert(file, [newTask()]);
  });

  it('finishes the calls that were made before it was closed, and refuses those after', async () => {
    const file = await openedFile();
    const before = newTasks(200).map((task) => insert(file, [task]));
    const closing = [file.close(), file.close()];
    const after = insert(file, [newTask()]);

    await expect(after).rejects.toBeInstanceOf(StoreUnavailable);
    await Promise.all(before);
    await Promise.all(closing);
    const reopened = new Libsql(join(folder, 'tasks.db'));
    expect(reopened.prepare('SELECT COUNT(*) AS n FROM tasks').get([])).toMatchObject({ n: 200 });
    reopened.close();
  });

  it('holds its lock until the last call is written, however often it is closed', async () => {
    const store = await openSqliteStore(settings(join(folder, 'tasks.db')));
    const written = Promise.all(newTasks(200).map((task) => store.insert([task], 0)));
    let finished = false;
    void written.then(() => (finished = true));
    void store.close();
    await store.close();

    expect(finished).toBe(true);
    await opened();
  });

  it('is unavailable, and soon says so, while another program writes', async () => {
    const store = await opened();
    const other = new Libsql(join(folder, 'tasks.db'));
    other.exec('BEGIN IMMEDIATE');
    const start = performance.now();

    await expect(store.insert([newTask()], 0)).rejects.toBeInstanceOf(StoreUnavailable);

    expect(performance.now() - start).toBeLessThan(1_000);
    await store.ping();
    other.exec('ROLLBACK');
    other.close();
    await store.insert([newTask()], 0);
  });
});

/** A process that took the lock as a Taskwell would. */
async function processThatHolds(lock: string): Promise<ChildProcess> {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const script = `new (require(${JSON.stringify(libsql)}))(${JSON.stringify(lock)}).exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
