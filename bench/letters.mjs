// `npm run bench:letters`: does the event loop stay free while letters are made? Ends with an exit code other than zero if its
// p99 delay is 50 ms or more.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt, ensureInstalled } from '../scripts/ensure.mjs';
import { freePort } from './processes.mjs';
import { until } from './until.mjs';

const LETTERS = 20;
const MOST_P99_MS = 50;
const root = join(import.meta.dirname, '..');

ensureInstalled();
ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'taskwell-letters-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const api = spawn(
  process.execPath,
  ['--import', join(import.meta.dirname, 'event-loop-probe.mjs'), join(root, 'dist/apps/api/src/main.js')],
  {
    cwd: folder,
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'pipe'],
  },
);
process.on('exit', () => api.kill('SIGKILL'));
const lines = createInterface({ input: api.stderr });

try {
  await until('the API is ready', async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok, {
    everyMs: 50,
    withinMs: 30_000,
  });
  // What is done once (a connection, compiled code) is not what is measured.
  await Promise.all([1, 2].map(letter));
  await delays();
  const idle = await new Promise((resolve) => setTimeout(() => resolve(delays()), 1_000));
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: LETTERS }, (_, n) => letter(n)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const busy = await delays();
  console.log(`idle:                       p50 ${idle.p50} ms, p99 ${idle.p99} ms, max ${idle.max} ms`);
  console.log(`${LETTERS} letters in ${seconds.toFixed(1)} s:      p50 ${busy.p50} ms, p99 ${busy.p99} ms, max ${busy.max} ms`);
  if (busy.p99 >= MOST_P99_MS) {
    console.log(`The event loop's p99 delay must stay below ${MOST_P99_MS} ms.`);
    process.exitCode = 1;
  }
} finally {
  api.kill('SIGTERM');
  await once(api, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

async function letter(n) {
  const answer = await fetch(`${url}/api/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({
      type: 'onboarding.welcome',
      payload: {
        name: `Newcomer ${n}`,
        email: `n${n}@example.com`,
        company: 'Acme Studio',
        locale: ['en', 'de', 'fr', 'es'][n % 4],
      },
    }),
  });
  const task = await answer.json();
  if (task.status !== 'COMPLETED') throw new Error(`A letter was not made: ${JSON.stringify(task)}`);
}

/** How late the event loop of the API was since the last call, in milliseconds. */
async function delays() {
  const line = new Promise((resolve) => {
    const look = (text) => {
      if (!text.startsWith('event-loop ')) return;
      lines.off('line', look);
      resolve(JSON.parse(text.slice('event-loop '.length)));
    };
    lines.on('line', look);
  });
  api.kill('SIGUSR2');
  return line;
}
