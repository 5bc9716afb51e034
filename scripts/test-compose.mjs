// `npm run test:compose`: builds and starts the Compose stack, runs the e2e suite against it, and the suites of the MySQL store
// and the RabbitMQ transport against its servers; then takes it down again.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureNode } from './ensure.mjs';

ensureNode();
ensureInstalled();
// The store's tests run SQLite in a thread, which must be built.
ensureBuilt();

const root = join(import.meta.dirname, '..');
const PORTS = { API_PORT: '18000', RABBITMQ_MANAGEMENT_PORT: '18672', MYSQL_PORT: '13306', RABBITMQ_PORT: '15673' };
const env = { ...process.env, ...PORTS };

function run(command, args, more = {}) {
  return spawnSync(command, args, { cwd: root, env: { ...env, ...more }, stdio: 'inherit' }).status ?? 1;
}

function compose(...args) {
  return run('docker', ['compose', '-p', 'taskwell-test', '-f', 'docker-compose.yml', '-f', 'test/compose.ports.yml', ...args]);
}

function jest(folders, more) {
  const jestBin = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  return run(process.execPath, [...jestBin, ...folders, '--runInBand'], more);
}

const steps = [
  () => compose('up', '--build', '--detach', '--wait', '--wait-timeout', '240', '--scale', 'worker=3'),
  () => jest(['test/e2e'], { BASE_URL: `http://127.0.0.1:${PORTS.API_PORT}` }),
  () =>
    jest(['libs/persistence', 'libs/transport'], {
      REQUIRE_SERVERS: '1',
      TEST_MYSQL_URL: `mysql://root:taskwell-root@127.0.0.1:${PORTS.MYSQL_PORT}`,
      TEST_AMQP_URL: `amqp://taskwell:taskwell@127.0.0.1:${PORTS.RABBITMQ_PORT}`,
    }),
];
const failed = steps.some((step) => step() !== 0);
if (failed) compose('logs', '--tail', '100', 'api', 'worker', 'mysql');
compose('down', '--volumes', '--timeout', '30');
process.exit(failed ? 1 : 0);
