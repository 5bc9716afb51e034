// `npm run bench:callbacks`: what receivers that hang cost other tasks. Short tasks are drained before, while and after so many callbacks
// hang; the last line is the median of the ratios of while to the mean of before and after.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { benchmark, chosen, whole } from './benchmark.mjs';
import { until } from './until.mjs';

const OPTIONS = {
  only: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  tasks: { type: 'string', default: '20000' },
  hanging: { type: 'string', default: '500' },
};

const TASK = { type: 'text.reverse', payload: { text: 'stressed desserts' } };
const BATCH = 1_000;

await benchmark(OPTIONS, async ({ only, rounds, tasks, hanging }) => {
  const { embedded } = await import('./systems/embedded.mjs');
  const { distributed } = await import('./systems/distributed.mjs');
  process.env.EGRESS_ALLOW = '127.0.0.1';
  const counts = { rounds: whole('rounds', rounds), tasks: whole('tasks', tasks), hanging: whole('hanging', hanging) };
  for (const [, system] of chosen(only, { embedded, distributed })) await measure(system, counts);
});

async function measure(system, { rounds, tasks, hanging }) {
  const ratios = [];
  for (let round = 1; round <= rounds; round++) {
    const { before, meanwhile, after } = await measureRound(system, tasks, hanging);
    ratios.push(meanwhile / ((before + after) / 2));
    const [a, b, c] = [before, meanwhile, after].map(Math.round);
    console.log(`${system.title}: ${a} tasks/s before, ${b} while ${hanging} callbacks hang, ${c} after`);
  }
  console.log(`${system.title}: ratio ${ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)].toFixed(3)}`);
}

/** In one deployment, which is warm by then: without, with, and without again, so that what changes over time does not count. */
async function measureRound(system, tasks, hanging) {
  const receivers = await hangingReceivers(40);
  const deployment = await system.open();
  try {
    await deployment.startWorker?.();
    await drained(deployment.url, tasks);
    const before = await drained(deployment.url, tasks);
    await submitTelling(deployment.url, hanging, receivers);
    await until('the callbacks hang', () => receivers.held() >= hanging, { everyMs: 20, withinMs: 20_000 });
    const meanwhile = await drained(deployment.url, tasks);
    receivers.close();
    const after = await drained(deployment.url, tasks);
    return { before, meanwhile, after };
  } finally {
    receivers.close();
    await deployment.close();
  }
}

/** Tasks completed in a second, from the first submission to the last completion. */
async function drained(url, tasks) {
  const startedAt = performance.now();
  await submitAll(url, tasks);
  await until('all are completed', () => allFinal(url), { everyMs: 10, withinMs: 120_000 });
  return tasks / ((performance.now() - startedAt) / 1000);
}

async function hangingReceivers(count) {
  let held = 0;
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer(() => held++).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return {
    urls: servers.map((server) => `http://127.0.0.1:${server.address().port}/`),
    held: () => held,
    close: () => servers.forEach((server) => (server.closeAllConnections(), server.close())),
  };
}

async function submitTelling(url, count, { urls }) {
  await post(
    url,
    Array.from({ length: count }, (_, index) => ({ ...TASK, callback_url: urls[index % urls.length] })),
  );
}

async function submitAll(url, tasks) {
  for (let left = tasks; left > 0; left -= BATCH) await post(url, Array(Math.min(BATCH, left)).fill(TASK));
}

async function allFinal(url) {
  const answer = await fetch(`${url}/api/tasks?status=PENDING,PROCESSING&type=text.reverse&page_size=1`);
  return (await answer.json()).items.length === 0;
}

async function post(url, tasks) {
  const answer = await fetch(`${url}/api/tasks/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tasks }),
  });
  if (answer.status !== 202) throw new Error(`Expected 202 for a batch, got ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
