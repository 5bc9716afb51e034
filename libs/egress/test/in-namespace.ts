// Runs in a network namespace of its own, which has nothing but addresses of its own loopback: asks a hostile server for everything, and counts
// the connections that private addresses get. Prints one JSON document.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Egress } from '../src/egress.js';
import type { EgressFailure } from '../src/egress-failure.js';
import { EgressPolicy } from '../src/policy.js';
import { MANNERS, beHostile } from './hostile-server.js';

const PUBLIC = '198.18.9.10';
const CANARIES = ['127.0.0.1', '::1', '10.0.0.5', '169.254.169.254'];
const CLOSED_PORT = 81;

/** What each name resolves to, the first time and every further time. */
const NAMES: Record<string, string[][]> = {
  'ok.test': [[PUBLIC]],
  'wrong.test': [[PUBLIC]],
  'a-loopback.test': [['127.0.0.1']],
  'aaaa-loopback.test': [['::1']],
  'aaaa-compat.test': [['::7f00:1']],
  'mapped.test': [['::ffff:10.0.0.5']],
  'mixed-family.test': [[PUBLIC, '::1']],
  'mixed-addresses.test': [[PUBLIC, '10.0.0.5']],
  'rebind-ttl0.test': [['127.0.0.1']],
  'rebind-between-retries.test': [[PUBLIC], ['10.0.0.5']],
  'no-address.test': [[]],
  'ptr-decoy.test': [['127.0.0.1']],
};

/** Everything that is asked for beside what the server does: names, and ways of writing addresses. */
const URLS = [
  ...Object.keys(NAMES).map((name) => `http://${name}/fine`),
  'http://rebind-between-retries.test/fine',
  'http://servfail.test/fine',
  `http://ok.test:${CLOSED_PORT}/`,
  'https://ok.test/fine',
  'https://wrong.test/fine',
  'http://127.0.0.1/',
  'http://[::ffff:169.254.169.254]/',
  'http://2130706433/',
];

for (const args of [
  ['link', 'set', 'lo', 'up'],
  ...['10.0.0.5', '169.254.169.254', PUBLIC].map((ip) => ['addr', 'add', `${ip}/32`, 'dev', 'lo']),
]) {
  execFileSync('ip', args);
}
let canaryHits = 0;
const listening = (server: Server, host: string, port: number) =>
  new Promise<void>((resolve) => server.listen(port, host, resolve));
const canary = () => createServer((socket) => (canaryHits++, socket.destroy()));
await Promise.all([...CANARIES.map((host) => listening(canary(), host, 80)), listening(createServer(beHostile), PUBLIC, 80)]);
const [key, cert] = process.argv.slice(2, 4).map((path) => readFileSync(path)) as [Buffer, Buffer];
const serverNames: (string | false | null)[] = [];
const secure = createTlsServer({ key, cert }, beHostile);
secure.on('secureConnection', ({ servername }) => serverNames.push(servername));
secure.on('tlsClientError', () => {});
await listening(secure, PUBLIC, 443);

const asked = new Map<string, number>();
const resolve = async (host: string) => {
  const time = asked.get(host) ?? 0;
  asked.set(host, time + 1);
  const answers = NAMES[host];
  if (!answers) throw Object.assign(new Error('queryA ESERVFAIL'), { code: 'ESERVFAIL' });
  return answers[Math.min(time, answers.length - 1)]!;
};
const egress = new Egress(new EgressPolicy(`198.18.0.0/15,ok.test`), { resolve });

const ask = async (url: string) => {
  const startedAt = performance.now();
  const outcome = await egress
    .send({ url, method: 'GET', timeoutMs: 500, maxBytes: 1024 * 1024, larger: 'refuse', maxRedirects: 5 })
    .then(
      ({ status, body }) => ({ status, body: body.toString('utf8', 0, 100) }),
      ({ kind, message }: EgressFailure) => ({ kind, message }),
    );
  return { url, ms: performance.now() - startedAt, ...outcome };
};

const outcomes = [];
for (const url of URLS) outcomes.push(await ask(url));
let grewBytes = 0;
for (const path of Object.keys(MANNERS)) {
  // The server makes its bombs in this process too.
  const before = /bomb/.test(path) ? Infinity : process.memoryUsage().rss;
  outcomes.push(await ask(`http://ok.test${path}`));
  grewBytes = Math.max(grewBytes, process.memoryUsage().rss - before);
}
const lookups = Object.fromEntries(asked);
process.stdout.write(JSON.stringify({ outcomes, canaryHits, serverNames, grewBytes, lookups }), () => process.exit(0));
