import { createConnection, type Connection } from 'mysql2/promise';
import { lasting } from '../../support/eventually.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { claimInTime, refusesAll, tellsProbes, untilAccepted } from '../parts/outage.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

const MOST_CONNECTIONS = 30;

export default {
  name: 'database-connections-exhausted',
  faults: [34],
  title: 'others take every connection that the database has; then a locked table holds every connection of the pools',
  needs: { database: { private: 'memory' }, broker: 'shared' },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const { database } = await stage.deploy({ workers: 2 });
    await database.run(`SET GLOBAL max_connections = ${MOST_CONNECTIONS}`);
    const load = stage.client.load({ lines: 3, pauseMs: 20 });
    await stage.until('the load flows', () => load.accepted.length > 100);
    await stage.fault('others take every connection', async () => {
      const others: Connection[] = [];
      await stage.until('Taskwell has none', async () => {
        others.push(...(await takeAll(stage)));
        return (await endConnectionsOfTaskwell(stage, others)) === 0;
      });
      await refusesAll(stage, 'no connection to be had');
      await tellsProbes(stage, 'no connection to be had');
      for (const other of others) other.destroy();
    });
    await untilAccepted(stage);
    await stage.fault('a locked table holds every connection', async () => {
      await database.run('LOCK TABLES tasks WRITE');
      await refusesAll(stage, 'all connections held');
      await tellsProbes(stage, 'all connections held');
      await lasting(stage.random.between(0, 2_000));
      await database.run('UNLOCK TABLES');
    });
    await untilAccepted(stage);
    await load.stop();
    claimInTime(stage, 'under load', load.outcomes);
  },
} satisfies Scenario;

/** Opens connections until there are no more. */
async function takeAll(stage: Stage): Promise<Connection[]> {
  const taken: Connection[] = [];
  for (;;) {
    try {
      const connection = await createConnection(stage.deployment.database.url);
      connection.on('error', () => {});
      taken.push(connection);
      stage.scope.onEnd(() => connection.destroy());
    } catch (error) {
      if ((error as { errno?: number }).errno === 1040) return taken;
      throw error;
    }
  }
}

/** Answers how many it had. */
async function endConnectionsOfTaskwell({ deployment: { database } }: Stage, others: readonly Connection[]): Promise<number> {
  const keep = others.map(({ threadId }) => threadId);
  const rows = await database.rows<{ id: number }>(
    'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID() AND id NOT IN (?)',
    [database.name, keep],
  );
  // One may be gone by itself meanwhile.
  for (const { id } of rows) await database.run(`KILL ${id}`).catch(() => {});
  return rows.length;
}
