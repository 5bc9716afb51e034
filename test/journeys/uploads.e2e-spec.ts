import { readdirSync, utimesSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess } from '../support/processes.js';
import { Scope } from '../support/scope.js';

describe('When a process dies in the middle of an upload', () => {
  let scope: Scope;
  let folder: string;

  beforeEach(async () => {
    scope = new Scope();
    folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  });
  afterEach(() => scope.end(), 60_000);

  const start = () =>
    TaskwellProcess.start('api', scope, {
      DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
      FILES_URL: `file:${join(folder, 'files')}`,
    });
  const kept = () =>
    readdirSync(join(folder, 'files'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  it('nothing of it stays for good: neither whole files nor the one that was coming', async () => {
    const first = await start();
    const socket = connect(Number(new URL(first.url).port), '127.0.0.1');
    scope.onEnd(() => socket.destroy());
    socket.on('error', () => undefined);
    const part = (name: string, text: string) =>
      `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n`;
    socket.write('POST /api/files HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n');
    socket.write('Content-Type: multipart/form-data; boundary=b\r\n\r\n');
    socket.write(part('1', 'whole') + part('2', 'whole, too') + part('3', 'x'.repeat(300_000)));
    const arrived = () => kept().filter((path) => path.includes('uploads')).length === 2 && kept().length === 3;
    await eventually('two files are whole and one is coming', async () => arrived(), { within: 20_000 });
    await first.kill();

    // A young one might belong to another process.
    const second = await start();
    await eventually('it has looked once', async () => (await fetch(`${second.url}/readyz`)).ok, { within: 20_000 });
    expect(kept()).toHaveLength(3);
    await second.stop();
    const longAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
    for (const path of kept()) utimesSync(path, longAgo, longAgo);
    await start();

    await eventually('nothing is left', async () => kept().length === 0, { within: 20_000 });
  }, 120_000);
});
