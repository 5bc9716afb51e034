import { withDeployment } from './deployment.mjs';
import { chosen } from './benchmark.mjs';
import { mysqlSweeps, sqliteSweeps } from './measures/sweep.mjs';
import { ROW_MEASURES } from './measures/with-rows.mjs';
import { machine } from './machine.mjs';
import { seedMysql } from './seed/mysql.mjs';
import { seedSqlite } from './seed/sqlite.mjs';
import { distributed } from './systems/distributed.mjs';
import { embedded } from './systems/embedded.mjs';
import { figure, median, table } from './table.mjs';

const SMALL = 1_000;
const STORES = {
  sqlite: { system: embedded, seed: seedSqlite, sweep: sqliteSweeps },
  mysql: { system: distributed, seed: seedMysql, sweep: mysqlSweeps },
};

/**
 * Measures each store with few rows and with many, in turns, and prints the medians beside each other, all of them as rates, and the
 * median of the rounds' ratios. `only` and `measure` are lists of names, separated by commas.
 *
 * @throws Error if a request fails, a store does not start, or a name is unknown.
 */
export async function compareRows({ rows, rounds, only, measure, ...size }) {
  const stores = chosen(only, STORES);
  console.log(`${machine()}\nMedians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, all in a second.`);
  for (const [, { system, seed, sweep }] of stores) {
    const measures = chosen(measure, { ...ROW_MEASURES, sweep });
    const results = await withSeeded(system, seed, SMALL, (few) =>
      withSeeded(system, seed, rows, (many) => measureBoth([few, many], measures, rounds, size)),
    );
    const lines = results.map(([name, few, many]) => {
      const ratios = few.map((value, round) => many[round] / value);
      return [name, figure(median(few)), figure(median(many)), figure(median(ratios), 2)];
    });
    console.log(`\n${table([system.title, `with ${figure(SMALL)} rows`, `with ${figure(rows)} rows`, 'ratio'], lines)}`);
  }
}

async function withSeeded(system, seed, count, work) {
  const startedAt = performance.now();
  return withDeployment(
    system,
    (deployment) => {
      console.error(`${system.title}: ${figure(count)} rows after ${figure((performance.now() - startedAt) / 1000)} s`);
      return work(deployment);
    },
    (target) => seed(target, count),
  );
}

/** @returns {Promise<[string, number[], number[]][]>} for each measure the rates with few rows and with many, one a round. */
async function measureBoth([few, many], measures, rounds, size) {
  const results = [];
  for (const [name, rate] of measures) {
    const [ofFew, ofMany] = [[], []];
    const turns = [async () => ofFew.push(await rate(few, size)), async () => ofMany.push(await rate(many, size))];
    // Whichever was second in the round before goes first. Round 0 warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const turn of turns) await turn();
      turns.reverse();
    }
    for (const rates of [ofFew, ofMany]) rates.shift();
    console.error(
      `${name}: ${ofFew.map((value) => figure(value)).join(' ')} | ${ofMany.map((value) => figure(value)).join(' ')}`,
    );
    results.push([name, ofFew, ofMany]);
  }
  return results;
}
