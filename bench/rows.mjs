// `npm run bench:rows`: whether Taskwell is as fast with a million rows as with a thousand. See README.md.
import { benchmark, whole } from './benchmark.mjs';

const FULL = { acceptSeconds: 3, readSeconds: 1, drainTasks: 20_000 };
const QUICK = { acceptSeconds: 2, readSeconds: 1, drainTasks: 5_000 };

const OPTIONS = {
  rows: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '5' },
  only: { type: 'string' },
  measure: { type: 'string' },
  quick: { type: 'boolean', default: false },
};

await benchmark(OPTIONS, async ({ rows, rounds, quick, ...choice }) => {
  const { compareRows } = await import('./compare-rows.mjs');
  await compareRows({ rows: whole('rows', rows), rounds: whole('rounds', rounds), ...choice, ...(quick ? QUICK : FULL) });
});
