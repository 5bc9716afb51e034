// `npm run test:compose`: builds and starts the Compose stack, runs the e2e suite against it, and the suites of the MySQL store
// and the RabbitMQ transport against its servers; then starts every part as on a machine of its own. Takes all down again.
// `npm run test:compose -- apart` runs one of its steps.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureNode } from './ensure.mjs';

ensureNode();
ensureInstalled();
// The store's tests run SQLite in a thread, which must be built.
ensureBuilt();

const root = join(import.meta.dirname, '..');
const PORTS = { api: '18000', management: '18672', mysql: '13306', rabbitmq: '15673', prometheus: '19090', grafana: '13000' };
const TOGETHER = 'taskwell-test';
const PARTS = ['mysql', 'rabbitmq', 'worker', 'api'];
const MAX_IMAGE_BYTES = 250e6;

const steps = [together, image, apart, observability];
const selected = process.argv.slice(2);
const failed = steps
  .filter(({ name }) => selected.length === 0 || selected.includes(name))
  .some((step) => {
    console.log(`\n== ${step.name}`);
    return !step();
  });
process.exit(failed ? 1 : 0);

/** Everything that plain `docker compose up` starts. */
function together() {
  const env = publishedOn('127.0.0.1');
  const compose = (...args) => run('docker', ['compose', '-p', TOGETHER, ...args], env);
  const ok =
    compose('up', '--build', '--detach', '--wait', '--wait-timeout', '240', '--scale', 'worker=3') &&
    jest(['test/e2e'], { BASE_URL: `http://127.0.0.1:${PORTS.api}`, ADMIN_PASSWORD: secret('admin_password') }) &&
    jest(['libs/persistence', 'libs/transport'], {
      REQUIRE_SERVERS: '1',
      TEST_MYSQL_URL: `mysql://root:${secret('mysql_root_password')}@127.0.0.1:${PORTS.mysql}`,
      TEST_AMQP_URL: `amqp://taskwell:${secret('rabbitmq_password')}@127.0.0.1:${PORTS.rabbitmq}`,
    });
  if (!ok) compose('logs', '--tail', '100', 'api', 'worker', 'mysql');
  compose('down', '--volumes', '--timeout', '30');
  return ok;
}

/** What has become of the image: its size and its user. */
function image() {
  const [size, user] = output('docker', ['image', 'inspect', 'taskwell', '--format', '{{.Size}} {{.Config.User}}']).split(' ');
  console.log(`${(size / 1e6).toFixed(0)} MB, runs as ${user}`);
  return size < MAX_IMAGE_BYTES && user === '1000:1000';
}

/** Every profile alone, in networks that know nothing of each other, as on four machines that reach each other by address. */
function apart() {
  const address = addressOfThisMachine();
  const addresses = { MYSQL_HOST: address, MYSQL_PORT: PORTS.mysql, RABBITMQ_HOST: address, RABBITMQ_PORT: PORTS.rabbitmq };
  const env = { ...publishedOn(address), ...addresses };
  const compose = (part, ...args) => run('docker', ['compose', '-p', `${TOGETHER}-${part}`, '--profile', part, ...args], env);
  const ok =
    PARTS.every((part) => compose(part, 'up', '--detach', '--wait', '--wait-timeout', '240') && isAlone(part)) &&
    completesTask(`http://${address}:${PORTS.api}`);
  for (const part of PARTS.toReversed()) {
    if (!ok) compose(part, 'logs', '--tail', '50');
    compose(part, 'down', '--volumes', '--timeout', '30');
  }
  return ok;
}

/** Prometheus and Grafana, where their images are at hand. */
function observability() {
  const images = output('docker', ['compose', '--profile', 'observability', 'config', '--images']).split('\n');
  const missing = images.filter((name) => output('docker', ['image', 'ls', '--quiet', name]) === '');
  if (missing.length > 0) {
    console.log(`Left out, because these images are not on this machine: ${missing.join(', ')}`);
    return true;
  }
  const env = publishedOn('127.0.0.1');
  const compose = (...args) => run('docker', ['compose', '-p', TOGETHER, '--profile', 'observability', ...args], env);
  const ok = compose('up', '--detach', '--wait', '--wait-timeout', '120');
  compose('down', '--volumes');
  return ok;
}

/** One that containers reach too: that of Docker's bridge, or any. */
function addressOfThisMachine() {
  const { docker0 = [], ...others } = networkInterfaces();
  return [docker0, ...Object.values(others)].flat().find(({ family, internal }) => family === 'IPv4' && !internal).address;
}

function isAlone(part) {
  const running = output('docker', [
    'ps',
    '--filter',
    `label=com.docker.compose.project=${TOGETHER}-${part}`,
    '--format',
    '{{.Names}}',
  ]);
  console.log(`Profile ${part}: ${running.replaceAll('\n', ', ')}`);
  return running === `${TOGETHER}-${part}-${part}-1`;
}

function completesTask(base) {
  const body = JSON.stringify({ type: 'text.reverse', payload: { text: 'stressed' } });
  const headers = ['-H', 'Content-Type: application/json', '-H', 'Prefer: wait=20'];
  const answer = output('curl', ['-s', `${base}/api/tasks`, ...headers, '-d', body]);
  console.log(`Across the four: ${answer.slice(0, 200)}`);
  return JSON.parse(answer).result?.text === 'desserts';
}

function publishedOn(address) {
  return {
    API_PUBLISH: `${address}:${PORTS.api}`,
    MYSQL_PUBLISH: `${address}:${PORTS.mysql}`,
    RABBITMQ_PUBLISH: `${address}:${PORTS.rabbitmq}`,
    RABBITMQ_MANAGEMENT_PORT: PORTS.management,
    PROMETHEUS_PUBLISH: `${address}:${PORTS.prometheus}`,
    GRAFANA_PUBLISH: `${address}:${PORTS.grafana}`,
  };
}

function secret(name) {
  return readFileSync(join(root, 'deploy/compose/development-secrets', name), 'utf8');
}

function jest(folders, env) {
  const jestBin = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  return run(process.execPath, [...jestBin, ...folders, '--runInBand'], env);
}

function run(command, args, env) {
  return spawnSync(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' }).status === 0;
}

function output(command, args) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8' }).stdout.trim();
}
