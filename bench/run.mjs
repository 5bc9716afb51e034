// `npm run bench`: Taskwell beside other queues, in one run. See README.md.
import { flags, fail } from './flags.mjs';
import { prepare } from './prepare.mjs';

const { quick, rounds, only, measure, json } = flags({
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  only: { type: 'string' },
  measure: { type: 'string' },
  json: { type: 'string' },
});
prepare();
const { compare } = await import('./compare.mjs');
const size = quick
  ? { rounds: 1, acceptSeconds: 2, drainTasks: 10_000, latencyTasks: 100 }
  : { rounds: 3, acceptSeconds: 5, drainTasks: 50_000, latencyTasks: 250 };
const names = (list) => list?.split(',').map((name) => name.trim());
await compare({ ...size, ...(rounds && { rounds: Number(rounds) }), only: names(only), measures: names(measure), json }).catch(
  fail,
);
