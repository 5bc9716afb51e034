import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosen } from './benchmark.mjs';
import { writeTable } from './import/csv-file.mjs';
import { loadData, oneByOne } from './import/rivals.mjs';
import { embedded, worker } from './import/taskwell.mjs';
import { machine } from './machine.mjs';
import { figure, table } from './table.mjs';

/** The ways from file to rows, by the names that `--only` knows. */
const WAYS = { embedded, worker, load: loadData, naive: oneByOne };

/**
 * Prints how fast each way makes a file into rows, and the most memory that the process which does it ever held.
 *
 * @param kills how often the worker is killed in the middle; the time covers its restarts.
 * @throws Error if a row is missing or there twice.
 */
export async function measureImport({ rows, only, kills }) {
  const folder = await mkdtemp(join(tmpdir(), 'taskwell-bench-'));
  const lines = [];
  try {
    const path = join(folder, 'rows.csv');
    await writeTable(path, rows);
    const megabytes = figure((await stat(path)).size / 1e6);
    for (const [, way] of chosen(only, WAYS)) {
      const { what, count = rows, seconds, cpu, peak } = await way({ folder, path, rows, kills });
      const memory = peak === undefined ? '–' : figure(peak / 2 ** 20);
      const perRow = cpu === undefined ? '–' : figure((cpu / count) * 1e6, 1);
      lines.push([what, figure(count), figure(seconds, 1), figure(count / seconds), perRow, memory]);
      console.error(lines.at(-1).join(' | '));
    }
    const head = ['way', 'rows', 'seconds', 'rows/s', 'CPU µs a row', 'peak RSS'];
    console.log(`\n${machine()}\nA file of ${megabytes} MB. Memory in MiB.\n\n${table(head, lines)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
