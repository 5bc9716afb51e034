import { WorkerStore, type Orders, type WorkerBeat, type WorkerState } from '@app/tasks';
import { toInstant, type Sql, type StoredInstant } from './sql.js';

interface WorkerRow {
  id: string;
  host: string;
  pid: number;
  version: string;
  types: string;
  slots: number;
  busy: number;
  running: string;
  drainAt: StoredInstant | null;
  startedAt: StoredInstant;
  seenAt: StoredInstant;
  silentMs: number;
}

const MOST_LISTED = 1_000;

/** See {@link WorkerStore} for what the methods mean. */
export class SqlWorkerStore extends WorkerStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async beat(beat: WorkerBeat): Promise<Orders> {
    const { now } = this.sql;
    const changing = ['slots', 'busy', 'running', 'seen_at'];
    await this.sql.together(
      [
        {
          sql: `INSERT INTO workers (id, host, pid, version, types, slots, busy, running, started_at, seen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ${now}, ${now}) ${this.sql.onDuplicate(['id'], changing)}`,
          params: [
            beat.id,
            beat.host,
            beat.pid,
            beat.version,
            JSON.stringify(beat.types),
            beat.slots,
            beat.busy,
            JSON.stringify(beat.running),
          ],
        },
      ],
      true,
    );
    const rows = await this.sql.rows<{ drainAt: StoredInstant | null; type: string | null; resumedAt: StoredInstant | null }>(
      `SELECT workers.drain_at AS drainAt, queues.type AS type, queues.resumed_at AS resumedAt FROM workers
       LEFT JOIN queues ON queues.paused_at IS NOT NULL OR queues.resumed_at IS NOT NULL WHERE workers.id = ?`,
      [beat.id],
    );
    const queues = rows.flatMap(({ type, resumedAt }) => (type === null ? [] : [{ type, resuming: resumedAt !== null }]));
    return {
      drain: rows.some(({ drainAt }) => drainAt !== null),
      paused: queues.filter(({ resuming }) => !resuming).map(({ type }) => type),
      resuming: queues.filter(({ resuming }) => resuming).map(({ type }) => type),
    };
  }

  async list(): Promise<WorkerState[]> {
    const rows = await this.sql.rows<WorkerRow>(
      `SELECT id, host, pid, version, types, slots, busy, running, drain_at AS drainAt, started_at AS startedAt, seen_at AS seenAt,
         ${this.sql.millisecondsFrom('seen_at', this.sql.now)} AS silentMs
       FROM workers ORDER BY started_at DESC, id LIMIT ?`,
      [MOST_LISTED],
    );
    return rows.map(({ types, running, drainAt, startedAt, seenAt, silentMs, ...row }) => ({
      ...row,
      types: JSON.parse(types) as string[],
      running: JSON.parse(running) as WorkerState['running'],
      drainAt: toInstant(drainAt),
      startedAt: new Date(startedAt),
      seenAt: new Date(seenAt),
      silentMs: Number(silentMs),
    }));
  }

  async drain(id: string): Promise<boolean> {
    const [known] = await this.sql.together([
      { sql: `UPDATE workers SET drain_at = COALESCE(drain_at, ${this.sql.now}) WHERE id = ?`, params: [id] },
    ]);
    return known === 1;
  }

  async leave(id: string): Promise<void> {
    await this.sql.together([{ sql: 'DELETE FROM workers WHERE id = ?', params: [id] }], true);
  }

  async forget(silentMs: number): Promise<void> {
    await this.sql.together([{ sql: `DELETE FROM workers WHERE seen_at < ${this.sql.ago}`, params: [silentMs] }], true);
  }
}
