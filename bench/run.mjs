// `npm run bench`: Taskwell beside other queues, in one run. See README.md.
import { benchmark, whole } from './benchmark.mjs';

const FULL = { rounds: '3', acceptSeconds: 8, drainTasks: 50_000, latencyTasks: 250 };
const QUICK = { rounds: '1', acceptSeconds: 2, drainTasks: 10_000, latencyTasks: 100 };

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  only: { type: 'string' },
  measure: { type: 'string' },
  json: { type: 'string' },
};

await benchmark(OPTIONS, async ({ quick, rounds, ...choice }) => {
  const size = quick ? QUICK : FULL;
  const { compare } = await import('./compare.mjs');
  await compare({ ...size, rounds: whole('rounds', rounds ?? size.rounds), ...choice });
});
