// `npm run bench:streams`: what open event streams cost. The memory of the API with and without so many streams, and submissions a second
// without them, with them, and without them again: the last line is the ratio of with to the mean of before and after.
import { request, Agent } from 'node:http';
import { benchmark, chosen, whole } from './benchmark.mjs';
import { bytes } from './memory/rss.mjs';
import { until } from './until.mjs';

const OPTIONS = {
  only: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  streams: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '8' },
};
const SETTLE_MS = 3_000;

await benchmark(OPTIONS, async ({ only, rounds, streams, seconds }) => {
  const { embedded } = await import('./systems/embedded.mjs');
  const { distributed } = await import('./systems/distributed.mjs');
  const counts = { rounds: whole('rounds', rounds), streams: whole('streams', streams), seconds: whole('seconds', seconds) };
  for (const [, system] of chosen(only, { embedded, distributed })) await measure(system, counts);
});

async function measure(system, { rounds, streams, seconds }) {
  const { accept } = await import('./measures/accept.mjs');
  const ratios = [];
  for (let round = 1; round <= rounds; round++) {
    const deployment = await system.open();
    try {
      const before = await accept(deployment.url, seconds);
      await settled(deployment);
      const without = bytes(deployment.pids.api, 'VmRSS');
      const open = await openStreams(deployment.url, streams);
      await settled(deployment);
      const withStreams = bytes(deployment.pids.api, 'VmRSS');
      const meanwhile = await accept(deployment.url, seconds);
      for (const stream of open) stream.destroy();
      await settled(deployment);
      const after = await accept(deployment.url, seconds);
      ratios.push(meanwhile.rate / ((before.rate + after.rate) / 2));
      const [a, b, c] = [before, meanwhile, after].map(({ rate }) => Math.round(rate));
      const megabytes = ((withStreams - without) / 1e6).toFixed(0);
      console.log(`${system.title}: ${a} submissions/s before, ${b} with ${streams} streams (+${megabytes} MB), ${c} after`);
    } finally {
      await deployment.close();
    }
  }
  console.log(`${system.title}: ratio ${ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)].toFixed(3)}`);
}

/** Streams of tasks that wait, each of its own task, as clients have them. */
async function openStreams(url, count) {
  const task = { title: 'Waits', description: 'Waits for an hour', delay_seconds: 3_600 };
  const ids = [];
  while (ids.length < count) {
    const tasks = Array(Math.min(500, count - ids.length)).fill(task);
    const answer = await fetch(`${url}/api/tasks/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tasks }),
    });
    ids.push(...(await answer.json()).items.map(({ task_id }) => task_id));
  }
  const agent = new Agent({ maxSockets: Infinity });
  let begun = 0;
  const streams = ids.map((id) => {
    const outgoing = request(`${url}/api/tasks/${id}/events`, { agent }, (incoming) =>
      incoming.once('data', () => begun++).resume(),
    );
    outgoing.on('error', () => {});
    outgoing.end();
    return outgoing;
  });
  await until('all streams have begun', () => begun === count, { everyMs: 20, withinMs: 30_000 });
  return streams;
}

/** Nothing is left to run but what is due later, and memory has had time to settle. */
async function settled(deployment) {
  await deployment.startWorker?.();
  await until('all that is due has run', () => nothingDue(deployment.url), { everyMs: 200, withinMs: 120_000 });
  await deployment.stopWorker?.();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function nothingDue(url) {
  const { items } = await (await fetch(`${url}/api/queues`)).json();
  return items.every(({ ready, processing }) => ready + processing === 0);
}
