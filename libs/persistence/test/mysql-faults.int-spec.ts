import diagnostics from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OPERATORS, StoreUnavailable, cancel, complete, fail, type ClaimedTask, type TaskStore } from '@app/tasks';
import { openMysqlStore } from '../src/index.js';
import { mysqlOptions } from '../src/mysql/data-source.js';
import type { MysqlTaskStore } from '../src/mysql/mysql-task-store.js';
import { TestDatabase } from '../../../test/support/database.js';
import { eventually, lasting } from '../../../test/support/eventually.js';
import { describeWithMysql } from '../../../test/support/suites.js';
import { TcpProxy } from '../../../test/support/tcp-proxy.js';
import { newTask, newTasks } from './builders.js';
import { exerciseNotices, exerciseRecords, exerciseSchedules } from './exercises.js';

const TIMEOUT_MS = 600;
/** What a busy machine may add. */
const SLACK_MS = 1_000;

describeWithMysql('MysqlTaskStore', () => {
  let database: TestDatabase;
  const open: { close(): Promise<void> }[] = [];

  jest.setTimeout(20_000);
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await TestDatabase.create();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await database.drop();
  });
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  function opened(
    databaseUrl = database.url,
    differences: { databaseTimeoutMs?: number; databasePoolSize?: number } = {},
  ): MysqlTaskStore {
    const store = openMysqlStore({ databaseUrl, databaseTimeoutMs: TIMEOUT_MS, databasePoolSize: 4, ...differences });
    open.push(store);
    return store;
  }

  async function connected(...settings: Parameters<typeof opened>): Promise<MysqlTaskStore> {
    const store = opened(...settings);
    await eventually('it answers', () => store.ping().then(() => true));
    return store;
  }

  async function proxied(): Promise<{ proxy: TcpProxy; url: string }> {
    const proxy = await TcpProxy.before(database.url);
    open.push(proxy);
    return { proxy, url: proxy.through(database.url) };
  }

  async function claimed(store: TaskStore): Promise<ClaimedTask> {
    const task = newTask();
    await store.insert([task], 60_000);
    const [row] = await store.claim([task.id], { workerId: 'w', leaseMs: 30_000, types: [task.type] });
    return row!;
  }

  /** What the store has the server do at this moment. */
  async function running(): Promise<string[]> {
    const rows = await database.rows(
      `SELECT info FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command = 'Query'`,
    );
    return rows.map(({ info }) => String(info));
  }

  /** How long it took until the promise rejected as it must. */
  async function unavailableAfterMs(promise: Promise<unknown>): Promise<number> {
    const start = performance.now();
    await expect(promise).rejects.toBeInstanceOf(StoreUnavailable);
    return performance.now() - start;
  }

  describe('while the connection swallows everything', () => {
    it('rejects every method within the deadline, and works when it is healed', async () => {
      const { proxy, url } = await proxied();
      const store = await connected(url);
      const task = await claimed(store);
      proxy.swallow();

      const waits = await Promise.all(
        [
          ...Array.from({ length: 12 }, () => store.find(task.id)),
          store.insert([newTask()], 0),
          store.insert([newTask({ tags: ['t'] })], 0),
          store.settle([complete(task, '1')]),
          store.settle([cancel(task)]),
          store.list({ q: 'x' }, { size: 1 }),
          store.ping(),
        ].map(unavailableAfterMs),
      );

      expect(Math.max(...waits)).toBeLessThan(TIMEOUT_MS + SLACK_MS);
      proxy.resume();
      await eventually('it answers', () => store.ping().then(() => true), { within: 3_000 });
      expect(await store.settle([complete(task, '1')])).toEqual([true]);
    });

    it('does not try one dead connection after the other once it is healed', async () => {
      const { proxy, url } = await proxied();
      const store = await connected(url);
      await Promise.all(Array.from({ length: 8 }, () => store.ping()));
      proxy.swallow();
      await unavailableAfterMs(store.ping());
      proxy.resumeForNewOnes();

      await store.ping();
      await Promise.all(Array.from({ length: 8 }, () => store.ping()));
    });

    it('comes up, says so at once, and connects and migrates when it is healed', async () => {
      const { proxy, url } = await proxied();
      proxy.swallow();
      const store = opened(url);

      expect(await unavailableAfterMs(store.ping())).toBeLessThan(100);
      expect(await unavailableAfterMs(store.insert([newTask()], 0))).toBeLessThan(100);
      proxy.resume();
      await eventually('it answers', () => store.ping().then(() => true));
    });
  });

  it('comes up while nothing listens, and connects when something does', async () => {
    const { proxy, url } = await proxied();
    await proxy.close();
    const store = opened(url);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await eventually('it says why', () => store.ping().catch((error: Error) => error.message.includes('ECONNREFUSED')));

    await proxy.listenAgain();
    await eventually('it answers', () => store.ping().then(() => true));
  });

  it('gets over cut and killed connections', async () => {
    const { proxy, url } = await proxied();
    const store = await connected(url);
    proxy.drop();
    await eventually('it answers', () => store.ping().then(() => true), { within: 2_000 });

    const sessions = await database.rows(
      'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
    );
    for (const { id } of sessions) await database.run(`KILL ${Number(id)}`);
    await eventually('it answers', () => store.ping().then(() => true), { within: 2_000 });
  });

  it('waits for locks no longer than the deadline, and leaves nothing half done', async () => {
    const store = await connected();
    const task = await claimed(store);
    await database.run('START TRANSACTION; SELECT * FROM tasks FOR UPDATE');

    expect(await unavailableAfterMs(store.settle([complete(task, '1')]))).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    expect(await unavailableAfterMs(store.settle([fail(task, failure, { retryable: false })]))).toBeLessThan(
      TIMEOUT_MS + SLACK_MS,
    );

    await database.run('COMMIT');
    await eventually('the server has nothing to do', async () => (await running()).length === 0);
    // The server may have gone on with the single statement; the transaction fell with its connection.
    const { status, failures } = (await store.find(task.id))!;
    expect(['PROCESSING', 'COMPLETED']).toContain(status);
    expect(failures).toBe(0);
    expect(await store.pastAttempts(task.id)).toEqual([]);
  });

  it('refuses in bounded time when all connections are busy', async () => {
    const store = await connected(database.url, { databasePoolSize: 1 });
    const task = await claimed(store);
    await database.run('START TRANSACTION; SELECT * FROM tasks FOR UPDATE');

    const waits = await Promise.all(Array.from({ length: 50 }, () => unavailableAfterMs(store.settle([cancel(task)]))));

    expect(Math.max(...waits)).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    await database.run('COMMIT');
    await eventually('it answers', () => store.ping().then(() => true));
  });

  it('claims what is not locked when one of the rows is', async () => {
    const store = await connected(database.url, { databaseTimeoutMs: 2_500 });
    const tasks = newTasks(20);
    await store.insert(tasks, 60_000);
    const ids = tasks.map(({ id }) => id);
    await database.run(`START TRANSACTION; SELECT id FROM tasks WHERE id = ? FOR UPDATE`, [ids[7]!]);

    const granted = await store.claim(ids, { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] });

    expect(granted.map(({ id }) => id).sort()).toEqual(ids.filter((id) => id !== ids[7]).sort());
    expect((await store.unclaimed(ids)).map(({ id }) => id)).toEqual([ids[7]]);
    await database.run('COMMIT');
  });

  it('waits for a connection of its own when the server has no further one', async () => {
    const url = new URL(database.url);
    const user = `few_${url.pathname.slice(-8)}`;
    await database.run(
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'few' WITH MAX_USER_CONNECTIONS 1; GRANT ALL ON *.* TO '${user}'@'%'`,
    );
    open.push({ close: () => database.run(`DROP USER '${user}'@'%'`) });
    [url.username, url.password] = [user, 'few'];
    const store = await connected(url.href, { databaseTimeoutMs: 5_000 });
    const task = await claimed(store);
    await database.run('START TRANSACTION; SELECT * FROM tasks FOR UPDATE');

    const settled = store.settle([cancel(task)]);
    await eventually('its only connection is busy', async () => (await running()).length > 0);
    const found = store.find(task.id);
    await lasting(200);
    await database.run('COMMIT');

    expect(await settled).toEqual([true]);
    expect(await found).toMatchObject({ id: task.id });
  });

  it('tries again after a deadlock', async () => {
    const store = await connected(database.url, { databaseTimeoutMs: 5_000 });
    const [first, second] = [await claimed(store), await claimed(store)];
    await database.run(`START TRANSACTION; UPDATE tasks SET progress = '1', result = '2', title = 'x' WHERE id = ?`, [second.id]);
    // Weight: of two in a deadlock, InnoDB gives up the one that changed less, and that must be the store's.
    await database.run(
      newTasks(20)
        .map(({ id }) => `INSERT INTO task_tags VALUES ('weight', '${id}')`)
        .join(';'),
    );

    const settled = store.settle([cancel(first), cancel(second)]);
    await eventually('the store waits for a lock', async () => (await running()).some((sql) => sql.includes('FOR UPDATE')));
    await database.run(`UPDATE tasks SET progress = '1' WHERE id = ?`, [first.id]);
    await database.run('COMMIT');

    expect(await settled).toEqual([true, true]);
  });

  describe('the schema', () => {
    it('is made once by five that boot together', async () => {
      await Promise.all(Array.from({ length: 5 }, () => connected(database.url, { databasePoolSize: 1 })));

      const migrations = mysqlOptions({ databaseUrl: database.url, databaseTimeoutMs: TIMEOUT_MS, databasePoolSize: 1 })
        .migrations as { name: string }[];
      const made = await database.rows<{ name: string }>('SELECT name FROM migrations ORDER BY id');
      expect(made.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
    });

    it('is the same by db/init.sql, with nothing left to migrate', async () => {
      const other = await TestDatabase.create();
      try {
        await other.run(readFileSync(new URL('../../../db/init.sql', import.meta.url), 'utf8'));
        const loaded = await schemaOf(other);
        await connected(other.url);
        await connected();

        expect(loaded).toEqual(await schemaOf(database));
        expect(await schemaOf(other)).toEqual(loaded);
        const rows = 'SELECT id, timestamp, name FROM migrations';
        expect(await other.rows(rows)).toEqual(await database.rows(rows));
      } finally {
        await other.drop();
      }
    });

    it('is finished by the next boot when a boot was killed half-way', async () => {
      await connected();
      const whole = await schemaOf(database);
      await database.run('DROP TABLE idempotency_keys, task_tags, task_files; DELETE FROM migrations');
      await connected();

      expect(await schemaOf(database)).toEqual(whole);
    });
  });

  it('reads and writes by an index, whatever it does', async () => {
    const store = await connected(database.url, { databaseTimeoutMs: 5_000 });
    for (let n = 0; n < 20; n++)
      await store.insert(newTasks(500, n % 2 ? { tags: ['t'] } : { type: 'test.other', due: { inMs: 9e6 } }), 0);
    await database.run('ANALYZE TABLE tasks, task_tags');
    const tasks = await store.list({ tag: 't' }, { size: 50 });
    const ids = tasks.tasks.map(({ id }) => id);
    const leases = ids.map((id) => ({ id, attempt: 1 }));

    const statements = await statementsOf(async () => {
      const rows = await store.claim(ids, { workerId: 'w', leaseMs: 30_000, types: ['test.echo', 'test.other'] });
      await store.renew(leases, 30_000);
      await store.held(leases);
      await store.report([{ lease: leases[0]!, progress: '{}', lines: [{ line: 1, level: 'info', message: 'm', agoMs: 0 }] }]);
      await store.logs(ids[0]!, { size: 50, after: { attempt: 1, line: 1 } });
      await store.settle(rows.map((row) => complete(row, '1')));
      await store.settle([cancel(rows[0]!)]);
      await store.find(ids[0]!);
      await store.finished(ids);
      await store.pastAttempts(ids[0]!);
      await store.due(100);
      await store.unclaimed(ids);
      await store.expired(100);
      await store.parked('high', 100);
      await store.markAnnounced(ids, 0);
      await store.park(ids);
      for (const filter of [
        {},
        { statuses: ['FAILED' as const] },
        { type: 'test.echo' },
        { type: 'test.echo', statuses: ['PENDING' as const] },
        { tag: 't' },
      ]) {
        await store.list(filter, { size: 50, before: ids[20] });
      }
    });

    expect(statements.length).toBeGreaterThan(18);
    for (const statement of statements) {
      for (const step of await database.rows(`EXPLAIN ${statement}`)) {
        if (String(step.table).startsWith('<')) continue;
        if (step.table === null) continue;
        expect({ statement, type: step.type, key: step.key }).not.toMatchObject({ type: 'ALL' });
        expect({ statement, key: step.key }).not.toMatchObject({ key: null });
      }
    }
  });

  it('looks after schedules, notices and rows of files by an index, also among many', async () => {
    const store = await connected(database.url, { databaseTimeoutMs: 5_000 });
    const [failed, importing] = newTasks(2);
    await store.insert([failed!, importing!], 0);
    const terms = { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] };
    const held = await store.claim([failed!.id, importing!.id], terms);
    await store.settle([
      fail(
        held.find(({ id }) => id === failed!.id)!,
        failure,
        { retryable: false },
      ),
    ]);
    await fillBeside(database);

    const statements = await statementsOf(async () => {
      await exerciseSchedules(store.schedules);
      await exerciseNotices(store.notices, OPERATORS);
      await exerciseRecords(store.records, { id: importing!.id, attempt: 1 });
    });

    expect(statements.length).toBeGreaterThan(25);
    for (const statement of statements) {
      for (const step of await database.rows(`EXPLAIN ${statement}`)) {
        if (String(step.table).startsWith('<')) continue;
        if (step.table === null) continue;
        expect({ statement, type: step.type, key: step.key }).not.toMatchObject({ type: 'ALL' });
        expect({ statement, key: step.key }).not.toMatchObject({ key: null });
      }
    }
  });

  it('finds parked tasks of one class without reading those of another', async () => {
    const store = await connected(database.url, { databaseTimeoutMs: 5_000 });
    for (let n = 0; n < 10; n++) {
      const tasks = newTasks(500, { priority: 'low' });
      await store.insert(tasks, 0);
      await store.park(tasks.map(({ id }) => id));
    }
    await database.run('ANALYZE TABLE tasks');
    const [statement] = await statementsOf(() => store.parked('high', 100));

    await database.run('FLUSH STATUS');
    await database.run(statement!);
    const reads = await database.rows(`SHOW SESSION STATUS LIKE 'Handler_read%'`);
    expect(reads.reduce((sum, { Value }) => sum + Number(Value), 0)).toBeLessThan(10);
    const [step] = await database.rows(`EXPLAIN ${statement}`);
    expect(step!.Extra).not.toContain('filesort');
  });
});

const failure = { kind: 'error', message: 'boom', attempt: 1 } as const;

/** A thousand rows in every table beside `tasks`: of few rows a server reads all. */
async function fillBeside(database: TestDatabase): Promise<void> {
  const numbers = '(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n) AS numbers';
  const text = (prefix: string) => `CONCAT('${prefix}', LPAD(i, 6, '0'))`;
  const later = 'UTC_TIMESTAMP(3) + INTERVAL i HOUR';
  const now = 'UTC_TIMESTAMP(3)';
  await database.run(`INSERT INTO schedules (id, title, cron, time_zone, task, request, overlap, missed, max_missed, status, next_at, waiting, created_at, updated_at)
    SELECT ${text('s')}, 't', '* * * * *', 'UTC', '{}', '{}', 'skip', 'none', 1, 'ACTIVE', ${later}, 0, ${now}, ${now} FROM ${numbers};
    INSERT INTO schedule_fires (schedule_id, tick_at, outcome) SELECT ${text('s')}, ${later}, 'fired' FROM ${numbers};
    INSERT INTO failure_notices (recipient, task_id, type, kind, error, failed_at, mail_id)
    SELECT ${text('r')}, ${text('t')}, 'x', 'error', '{}', ${now}, ${text('m')} FROM ${numbers};
    INSERT INTO failure_mails (recipient, next_at) SELECT ${text('r')}, ${later} FROM ${numbers};
    INSERT INTO datasets (id, created_at) SELECT ${text('d')}, ${now} FROM ${numbers};
    INSERT INTO imports (dataset_no, source, task_id, file_name, size, fields, created_at, updated_at)
    SELECT number, id, id, 'f', 1, '[]', ${now}, ${now} FROM datasets;
    INSERT INTO records (dataset_no, import_no, row_no, data) SELECT dataset_no, number, 1, '{}' FROM imports;
    INSERT INTO record_errors (dataset_no, import_no, row_no, reason, text) SELECT dataset_no, number, 1, 'r', 't' FROM imports;
    ANALYZE TABLE schedules, schedule_fires, failure_notices, failure_mails, datasets, imports, records, record_errors`);
}

/** The statements that the driver sends meanwhile, transactions left out. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const record = (message: unknown) => sent.push((message as { query: string }).query);
  diagnostics.subscribe('tracing:mysql2:query:start', record);
  await work();
  diagnostics.unsubscribe('tracing:mysql2:query:start', record);
  return sent.filter((sql) => /^\s*(SELECT|UPDATE)/.test(sql));
}

async function schemaOf(database: TestDatabase): Promise<unknown> {
  return {
    tables: await database.rows(
      `SELECT table_name AS name, engine, table_collation AS collation, row_format AS format
       FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name`,
    ),
    columns: await database.rows(
      `SELECT table_name AS 'table', column_name AS name, ordinal_position AS position, column_type AS type, is_nullable AS nullable,
         column_default AS value, character_set_name AS charset, collation_name AS collation, extra
       FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
    ),
    indexes: await database.rows(
      `SELECT table_name AS 'table', index_name AS name, seq_in_index AS position, column_name AS 'column', non_unique AS doubles
       FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
    ),
  };
}
