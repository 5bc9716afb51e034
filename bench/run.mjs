// `npm run bench`: what this machine accepts, drains and needs for one task, in both modes. `--quick` for a minute.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/ensure.mjs';
import { embedded, mysqlAndRabbitmq } from './stack.mjs';

ensureNode();
ensureInstalled();
ensureBuilt();
if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: import.meta.dirname, stdio: 'inherit' });
}
const { default: autocannon } = await import('autocannon');

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 1 : 3;
const ACCEPT_SECONDS = quick ? 4 : 10;
const DRAIN_TASKS = quick ? 10_000 : 50_000;
const LATENCY_TASKS = quick ? 200 : 500;

const TASK = { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } };
const JSON_BODY = { 'content-type': 'application/json' };

const rows = [];
for (const stack of [embedded, mysqlAndRabbitmq]) {
  for (let round = 0; round < ROUNDS; round++) rows.push(await measure(await stack()));
}
report(rows);

async function measure(stack) {
  try {
    const accept = await acceptance(stack.url);
    await untilDone(stack.url);
    const drain = await drainage(stack.url);
    const latency = await latencies(stack.url);
    return { name: stack.name, ...accept, drain, ...latency };
  } finally {
    await stack.stop();
  }
}

/** Submissions answered 202 in a second, at concurrency 64. */
async function acceptance(url) {
  const result = await autocannon({
    url: `${url}/api/tasks`,
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(TASK),
    connections: 64,
    duration: ACCEPT_SECONDS,
    workers: 1,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} failed.`);
  return { accept: result.requests.average, acceptP50: result.latency.p50, acceptP99: result.latency.p99 };
}

/** Tasks completed in a second, from the first of a pile submitted in batches to the last one done. */
async function drainage(url) {
  const startedAt = performance.now();
  const body = JSON.stringify({ tasks: Array(1000).fill(TASK) });
  for (let submitted = 0; submitted < DRAIN_TASKS; submitted += 1000) {
    const answer = await fetch(`${url}/api/tasks/batch`, { method: 'POST', headers: JSON_BODY, body });
    if (answer.status !== 202) throw new Error(`Expected 202, got ${answer.status}.`);
    await answer.arrayBuffer();
  }
  await untilDone(url);
  return DRAIN_TASKS / ((performance.now() - startedAt) / 1000);
}

/** From submission to the finished task in the client's hands, at 50 submissions a second. */
async function latencies(url) {
  const times = [];
  const calls = [];
  for (let n = 0; n < LATENCY_TASKS; n++) {
    calls.push(timed(url, times));
    await wait(20);
  }
  await Promise.all(calls);
  times.sort((a, b) => a - b);
  return { latencyP50: times[Math.floor(times.length * 0.5)], latencyP99: times[Math.floor(times.length * 0.99)] };
}

async function timed(url, times) {
  const startedAt = performance.now();
  const headers = { ...JSON_BODY, prefer: 'wait=10' };
  const answer = await fetch(`${url}/api/tasks`, { method: 'POST', headers, body: JSON.stringify(TASK) });
  const { status } = await answer.json();
  if (status !== 'COMPLETED') throw new Error(`Expected COMPLETED, got ${status}.`);
  times.push(performance.now() - startedAt);
}

async function untilDone(url) {
  for (;;) {
    const answer = await fetch(`${url}/api/tasks?status=PENDING,PROCESSING&page_size=1`);
    if ((await answer.json()).items.length === 0) return;
    await wait(50);
  }
}

function report(all) {
  console.log(`\n${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`);
  console.log(`Medians of ${ROUNDS} ${ROUNDS === 1 ? 'round' : 'rounds'}; times in ms.\n`);
  console.log('| mode | accept tasks/s | p50 | p99 | drain tasks/s | submit to done p50 | p99 |');
  console.log('|---|---|---|---|---|---|---|');
  for (const name of new Set(all.map((row) => row.name))) {
    const rounds = all.filter((row) => row.name === name);
    const column = (key, digits) => median(rounds.map((row) => row[key])).toFixed(digits);
    const cells = [name, column('accept', 0), column('acceptP50', 1), column('acceptP99', 1), column('drain', 0)];
    console.log(`| ${[...cells, column('latencyP50', 1), column('latencyP99', 1)].join(' | ')} |`);
  }
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
