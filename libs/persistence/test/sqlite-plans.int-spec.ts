import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATORS, cancel, complete, crash, fail, type TaskIn } from '@app/tasks';
import Libsql from 'libsql';
import { openSqliteStore } from '../src/index.js';
import { listTasks } from '../src/list-query.js';
import { pack } from '../src/sqlite/insert.js';
import { sqliteListDialect } from '../src/sqlite/list-dialect.js';
import { runCalls, type Call } from '../src/sqlite/operations.js';
import { packCompletions } from '../src/sqlite/settle.js';
import { SqliteDatabase } from '../src/sqlite/sqlite-database.js';
import type { SqliteFile } from '../src/sqlite/sqlite-file.js';
import { SqliteNoticeStore } from '../src/sqlite/sqlite-notice-store.js';
import { SqliteRecordStore } from '../src/sqlite/sqlite-record-store.js';
import { SqliteScheduleStore } from '../src/sqlite/sqlite-schedule-store.js';
import { newTasks } from './builders.js';
import { exerciseNotices, exerciseRecords, exerciseSchedules } from './exercises.js';

/** A database that remembers what it was asked. */
class RecordingDatabase extends SqliteDatabase {
  readonly statements = new Map<string, readonly unknown[]>();

  override rows<R>(sql: string, params: readonly unknown[]): R[] {
    this.statements.set(sql, params);
    return super.rows(sql, params);
  }

  override affect(sql: string, params: readonly unknown[]): number {
    this.statements.set(sql, params);
    return super.affect(sql, params);
  }
}

describe('SqliteTaskStore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-'));
  const path = join(folder, 'tasks.db');
  let connection: Libsql.Database;
  /** For plans alone: the plan of a statement that writes counts as one under way. */
  let planner: Libsql.Database;
  let db: RecordingDatabase;
  const run = (operation: Call['operation'], ...given: unknown[]) => {
    const [outcome] = runCalls(db, [{ operation, given }]);
    if (!('value' in outcome!)) throw outcome!.error;
    return outcome.value;
  };

  beforeAll(async () => {
    await (await openSqliteStore({ databaseUrl: `sqlite:${path}`, databaseTimeoutMs: 2_500, databasePoolSize: 1 })).close();
    connection = new Libsql(path);
    planner = new Libsql(path);
    db = new RecordingDatabase(connection);
  });
  afterAll(() => {
    connection.close();
    planner.close();
    rmSync(folder, { recursive: true });
  });

  it('reads and writes by an index, whatever it does', async () => {
    const tasks = [...newTasks(100, { tags: ['t'] }), ...newTasks(100)];
    const ids = tasks.map(({ id }) => id);
    run('insert', pack(tasks), 0);
    run('claim', ids, { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] });
    const rows = tasks.map((task): TaskIn<'PROCESSING'> => ({
      ...task,
      status: 'PROCESSING',
      attempt: 1,
      failures: 0,
      crashes: 0,
    }));
    const leases = rows.map(({ id, attempt }) => ({ id, attempt }));
    const error = { kind: 'error', message: 'boom', attempt: 1 } as const;
    run('renew', leases, 0);
    run('held', leases);
    const file = { name: 'f', mediaType: 'a/b', size: 1, sha256: 'a', storageKey: 'k' };
    run('keepFile', leases[0]!, file);
    run('report', [{ lease: leases[0]!, progress: '{}', lines: [{ line: 1, level: 'info', message: 'm', agoMs: 0 }] }], 10);
    run('expired', 100);
    run('complete', packCompletions(rows.slice(10, 15).map((row) => complete(row, '1')))!);
    run('complete', packCompletions([complete({ ...rows[15]!, attempt: 2 }, '1')])!);
    run('settle', [
      complete(rows[0]!, '1'),
      fail(rows[1]!, error, { retryable: true }),
      fail(rows[2]!, error, { retryable: false }),
      cancel(rows[3]!),
      crash(rows[4]!, 3),
    ]);
    run('due', 100, 0);
    run('unclaimed', ids);
    run('announceIn', ids, null);
    run('forgetKeys', 100);
    const filters = [
      {},
      { statuses: ['FAILED' as const] },
      { type: 'test.echo' },
      { type: 'test.echo', statuses: ['PENDING' as const] },
      { tag: 't' },
    ];
    for (const filter of filters) {
      await listTasks(async <R>(sql: string, params: unknown[]) => db.rows<R>(sql, params), sqliteListDialect, filter, {
        size: 50,
        before: ids[20],
      });
    }

    const statements = [...db.statements].filter(([sql]) => /\btasks\b/.test(sql));
    expect(statements.length).toBeGreaterThan(15);
    for (const [sql, params] of statements) {
      const plan = planner.prepare(`EXPLAIN QUERY PLAN ${sql}`).all([...params]) as { detail: string }[];
      const scans = plan.filter(({ detail }) => /^SCAN (tasks|task_tags|task_attempts|idempotency_keys)\b/.test(detail));
      expect({ sql, scans: scans.filter(({ detail }) => !/USING (COVERING )?INDEX/.test(detail)) }).toEqual({ sql, scans: [] });
    }
  });

  it('looks after schedules, notices and rows of files by an index', async () => {
    const file = {
      call: async (operation: Call['operation'], ...given: unknown[]) => run(operation, ...given),
      rows: async (sql: string, params: readonly unknown[] = []) => db.rows(sql, params),
    } as unknown as SqliteFile;
    const [failed, importing] = newTasks(2);
    run('insert', pack([failed!, importing!]), 0);
    run('claim', [failed!.id, importing!.id], { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] });
    const lease = { attempt: 1, failures: 0, crashes: 0, status: 'PROCESSING' } as const;
    run('settle', [fail({ ...failed!, ...lease }, { kind: 'error', message: 'boom', attempt: 1 }, { retryable: false })]);
    db.statements.clear();
    await exerciseSchedules(new SqliteScheduleStore(file));
    await exerciseNotices(new SqliteNoticeStore(file), OPERATORS);
    await exerciseRecords(new SqliteRecordStore(file), { id: importing!.id, attempt: 1 });

    expect(db.statements.size).toBeGreaterThan(35);
    for (const [sql, params] of db.statements) {
      const plan = planner.prepare(`EXPLAIN QUERY PLAN ${sql}`).all([...params]) as { detail: string }[];
      // A window or a page (looked_at, d) is so many rows, which were read by an index.
      const scans = plan.filter(({ detail }) => /^SCAN (?!looked_at$|d$|.*VIRTUAL TABLE|.*\bCONSTANT ROW\b)/.test(detail));
      expect({ sql, scans }).toEqual({ sql, scans: [] });
    }
  });
});
