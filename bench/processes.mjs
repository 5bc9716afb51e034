import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { until } from './until.mjs';

const BOOT_MS = 30_000;
const running = new Set();

// Whatever ends this process, no child outlives it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Locked, as in production, but for what the benchmarks do. */
const ACCESS = { ADMIN_PASSWORD: 'the password of the benchmarks', ANONYMOUS_SCOPES: 'tasks:submit,tasks:read,tasks:act' };

/**
 * Starts a Node program on a free port, which it is told in the variable `portKey`, and waits until its /readyz says so.
 *
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, url: string }>}
 * @throws Error when it ends or is not ready in time.
 */
export async function start(file, env, portKey = 'PORT') {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, NODE_ENV: 'production', ...ACCESS, ...env, [portKey]: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const url = `http://127.0.0.1:${port}`;
  await until(`${file} is ready`, () => ready(child, file, url), { everyMs: 20, withinMs: BOOT_MS });
  return { child, url };
}

/** Asks a program to end, and waits until it has. */
export async function end({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function ready(child, file, url) {
  if (child.exitCode !== null) throw new Error(`${file} ended with code ${child.exitCode}.`);
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
