import { brokerGone, brokerSilent } from './memory/broker-away.mjs';
import { embeddedDrain, embeddedSubmits, workerDrain } from './memory/at-work.mjs';
import { chosen } from './benchmark.mjs';
import { machine } from './machine.mjs';
import { figure, table } from './table.mjs';

/** The scenarios, by the names that `--only` knows. */
const SCENARIOS = {
  worker: workerDrain,
  'broker-gone': brokerGone,
  'broker-silent': brokerSilent,
  embedded: embeddedDrain,
  'embedded-submits': embeddedSubmits,
};

/**
 * Prints the memory of each process over time: what it holds when it is ready, in the middle and at the end, and the most it ever held.
 *
 * @throws Error if a request fails, a system does not start, or `only` names something unknown.
 */
export async function measureMemory({ tasks, only }) {
  const rows = [];
  for (const [, scenario] of chosen(only, SCENARIOS)) {
    for (const { what, start, middle, end, peak } of await scenario(tasks)) {
      rows.push([what, ...[start, middle, end, peak].map((bytes) => figure(bytes / 2 ** 20))]);
      console.error(rows.at(-1).join(' | '));
    }
  }
  console.log(`\n${machine()}\nResident memory (RSS) in MiB.\n\n${table(['process', 'ready', 'middle', 'end', 'peak'], rows)}`);
}
