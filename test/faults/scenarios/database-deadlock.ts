import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { lasting } from '../../support/eventually.js';
import { Random } from '../../support/random.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** A second, the pause before the second attempt of what fails, and what a busy machine adds. */
const BOUND_MS = 1_000 + 1_000 + 2_000;
const WORKS = [
  { type: 'test.effect', payload: { before_ms: 30 } },
  { type: 'test.throw', payload: { times: 1 } },
];
const ATTACKERS = 10;
/** Rows that are next to be claimed or settled. */
const IN_REACH = 10;
/** What the server undoes at a deadlock is the transaction that changed least: let that be Taskwell's. */
const WEIGHT = Array.from({ length: 400 }, (_, n) => `(${n})`).join(', ');
const ENOUGH = 5;

export default {
  name: 'database-deadlock',
  faults: [32],
  title: "other transactions lock the rows under work crosswise, so that the database undoes Taskwell's",
  needs: { database: { private: 'memory' }, broker: 'shared' },
  short: true,
  boundMs: BOUND_MS,
  async run(stage) {
    const { database } = await stage.deploy({ workers: 2 });
    const load = stage.client.load({ works: WORKS, lines: 16, pauseMs: 5 });
    await stage.until('the load flows', () => load.accepted.length > 200);
    await database.run('CREATE TABLE attack_weight (n INT NOT NULL)');
    const attackers = await Promise.all(Array.from({ length: ATTACKERS }, () => Attacker.open(stage)));
    const deadlocksBefore = await deadlocks(database.url);
    const hits = async () =>
      (await deadlocks(database.url)) - deadlocksBefore - attackers.reduce((sum, { undone }) => sum + undone, 0);
    await stage.fault('rows are locked crosswise', async () => {
      const until = { over: false };
      const attacks = attackers.map((attacker) => attacker.attack(until));
      await stage
        .until(`Taskwell met ${ENOUGH} deadlocks`, async () => (await hits()) >= ENOUGH, 60_000)
        .finally(() => {
          until.over = true;
        });
      await Promise.all(attacks);
    });
    await load.stop();
    stage.claim(
      'clients saw nothing of it',
      load.outcomes.every(({ status }) => status === 202),
    );
    await stage.settle();
    const rows = await stage.deployment.rows.all();
    stage.claim(
      'no attempt was spent on it',
      rows.every(({ type, attempt, crashes }) => crashes === 0 && attempt === (type === 'test.throw' ? 2 : 1)),
    );
  },
} satisfies Scenario;

/** How many deadlocks the server has seen. */
async function deadlocks(url: string): Promise<number> {
  const connection = await createConnection(url);
  const [[row]] = await connection.query<RowDataPacket[]>(`SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'`);
  await connection.end();
  return Number(row!.Value);
}

/** Locks pairs of rows that are under work against the order in which Taskwell locks them. */
class Attacker {
  /** How often it was the one that the server undid. */
  undone = 0;

  private constructor(
    private readonly connection: Connection,
    private readonly random: Random,
  ) {}

  static async open(stage: Stage): Promise<Attacker> {
    const connection = await createConnection(stage.deployment.database.url);
    stage.scope.onEnd(() => connection.destroy());
    return new Attacker(connection, Random.from(stage.random.seed()));
  }

  async attack(until: { over: boolean }): Promise<void> {
    while (!until.over) {
      const ids = await this.idsUnderWork();
      if (ids.length < 2) continue;
      const first = this.random.between(0, ids.length - 2);
      const second = this.random.between(first + 1, ids.length - 1);
      await this.lock([ids[second]!, ids[first]!]);
    }
  }

  private async idsUnderWork(): Promise<string[]> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      `SELECT id FROM tasks WHERE status IN ('PENDING', 'PROCESSING') AND run_at <= UTC_TIMESTAMP(3) ORDER BY id DESC LIMIT ?`,
      [IN_REACH],
    );
    return rows.map(({ id }) => String(id)).reverse();
  }

  private async lock(ids: readonly string[]): Promise<void> {
    try {
      await this.connection.query('START TRANSACTION');
      await this.connection.query(`INSERT INTO attack_weight VALUES ${WEIGHT}`);
      for (const id of ids) {
        await this.connection.query('SELECT id FROM tasks WHERE id = ? FOR UPDATE', [id]);
        await lasting(this.random.between(5, 40));
      }
    } catch (error) {
      if ((error as { errno?: number }).errno === 1213) this.undone++;
      else throw error;
    } finally {
      await this.connection.query('ROLLBACK');
    }
  }
}
