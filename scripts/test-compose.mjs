// `npm run test:compose`: builds and starts the Compose stack, runs the e2e suite against it, and takes it down again.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, ensureNode } from './ensure.mjs';

ensureNode();
ensureInstalled();

const root = join(import.meta.dirname, '..');
const apiPort = process.env.API_PORT ?? '18000';
const env = { ...process.env, API_PORT: apiPort, RABBITMQ_MANAGEMENT_PORT: process.env.RABBITMQ_MANAGEMENT_PORT ?? '18672' };

function compose(...args) {
  return spawnSync('docker', ['compose', '-p', 'taskwell-test', ...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

function e2e() {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const target = { ...env, BASE_URL: `http://127.0.0.1:${apiPort}` };
  return (
    spawnSync(process.execPath, [...jest, 'test/e2e', '--runInBand'], { cwd: root, env: target, stdio: 'inherit' }).status ?? 1
  );
}

let status = compose('up', '--build', '--detach', '--wait', '--wait-timeout', '240', '--scale', 'worker=3');
if (status === 0) status = e2e();
if (status !== 0) compose('logs', '--tail', '200');
compose('down', '--volumes', '--timeout', '30');
process.exit(status);
