import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../../support/ports.js';
import type { Scope } from '../../support/scope.js';
import { folderAt, type Place } from './place.js';
import { PrivateServer } from './private-server.js';

const run = promisify(execFile);
const BOOT_MS = 30_000;

/** A MariaDB of its own. Root needs no password. */
export class PrivateMariadb extends PrivateServer {
  /** Starts one; the scope ends it and removes its data. */
  static async start(scope: Scope, folder: string, place: Place = 'disk', more: readonly string[] = []): Promise<PrivateMariadb> {
    const port = await freePort();
    const data = folderAt(place, 'mariadb', scope, folder);
    const args = [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--datadir=${data}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${join(folder, 'mariadb.sock')}`,
      `--pid-file=${join(folder, 'mariadb.pid')}`,
      ...more,
    ];
    const program = { command: 'mariadbd', args, env: {}, log: join(folder, 'mariadb.log') };
    const server = new PrivateMariadb(`mysql://root@127.0.0.1:${port}`, data, program, BOOT_MS);
    await server.wipe();
    scope.onEnd(() => server.kill());
    await server.start();
    return server;
  }

  async wipe(): Promise<void> {
    for (const entry of await readdir(this.dataFolder)) await rm(join(this.dataFolder, entry), { recursive: true });
    await run('mariadb-install-db', [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--datadir=${this.dataFolder}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ]);
  }

  protected async enter(): Promise<void> {
    const connection = await createConnection({ uri: this.url, connectTimeout: 1_000 });
    await connection.query('SELECT 1');
    await connection.end();
  }
}
