import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

interface Outcome {
  url: string;
  ms: number;
  status?: number;
  body?: string;
  kind?: string;
  message?: string;
}

interface Report {
  outcomes: Outcome[];
  canaryHits: number;
  serverNames: string[];
  grewBytes: number;
  lookups: Record<string, number>;
}

const UNSHARE = ['--net', '--map-root-user'];
const possible = spawnSync('unshare', [...UNSHARE, 'ip', 'link']).status === 0;

/** Linux lets us make one, or these tests are left out: their addresses belong to others. */
(possible ? describe : describe.skip)('Egress, in a network namespace of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  let report: Report;

  beforeAll(() => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=ok.test', '-addext', 'subjectAltName=DNS:ok.test'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    );
    const script = join(import.meta.dirname, 'in-namespace.ts');
    const json = execFileSync('unshare', [...UNSHARE, process.execPath, '--import', 'tsx', script, key, cert], {
      encoding: 'utf8',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
    });
    report = JSON.parse(json) as Report;
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  const outcomesOf = (url: string) => report.outcomes.filter((outcome) => outcome.url === url);
  const kindOf = (url: string) => outcomesOf(url).at(-1)?.kind;

  it('never connects to a private address', () => {
    expect(report.canaryHits).toBe(0);
  });

  it('reaches a name with a vetted address, by TLS too, and follows redirects there', () => {
    for (const url of ['http://ok.test/fine', 'https://ok.test/fine', 'http://ok.test/to-fine']) {
      expect(outcomesOf(url).at(-1)).toMatchObject({ status: 200, body: '{"a":"fine"}' });
    }
    expect(report.serverNames).toContain('ok.test');
  });

  it('says the same of a refused address, of a name without one, and of a closed port', () => {
    const urls = [
      'a-loopback',
      'aaaa-loopback',
      'aaaa-compat',
      'mapped',
      'mixed-family',
      'mixed-addresses',
      'rebind-ttl0',
      'ptr-decoy',
    ]
      .concat(['no-address', 'servfail'])
      .map((name) => `http://${name}.test/fine`)
      .concat('http://ok.test:81/', 'http://ok.test/r1', 'http://ok.test/r4', 'http://ok.test/r10', 'http://ok.test/metadata');
    const told = urls.map((url) => [url, outcomesOf(url).at(-1)?.message]);

    expect(told).toEqual(urls.map((url) => [url, 'The host cannot be reached.']));
  });

  it('vets a name again at every attempt', () => {
    const [first, second] = outcomesOf('http://rebind-between-retries.test/fine');

    expect(first).toMatchObject({ status: 200 });
    expect(second).toMatchObject({ kind: 'unreachable' });
  });

  it('resolves a name once for each connection', () => {
    expect(report.lookups['rebind-between-retries.test']).toBe(2);
  });

  it.each([
    ['r7', 'redirect'],
    ['r16', 'redirect'],
    ['many', 'redirect'],
    ['hang-before-headers', 'timeout'],
    ['hang-in-body', 'timeout'],
    ['infinite-body', 'too_large'],
    ['br-bomb', 'too_large'],
    ['gzip-bomb', 'too_large'],
    ['gzip-broken', 'malformed'],
    ['odd-encoding', 'malformed'],
    ['content-length-negative', 'malformed'],
    ['huge-headers', 'malformed'],
    ['reset-mid-body', 'broken'],
    ['reset-at-once', 'unreachable'],
    ['http09', 'malformed'],
    ['status-000', 'malformed'],
    ['upgrade', 'unreachable'],
    ['set-cookie-flood', 'malformed'],
  ])('ends in order when the server does: %s', (path, kind) => {
    expect(kindOf(`http://ok.test/${path}`)).toBe(kind);
  });

  it('takes no certificate for another name', () => {
    expect(kindOf('https://wrong.test/fine')).toBe('certificate');
  });

  it('ends every request by its deadline, in bounded memory', () => {
    const late = report.outcomes.filter(({ url, ms }) => ms > 2_000 && !url.includes('bomb'));

    expect(late).toEqual([]);
    expect(report.grewBytes).toBeLessThan(32 * 1024 * 1024);
  });

  it('refuses what a URL itself shows', () => {
    for (const url of ['http://127.0.0.1/', 'http://[::ffff:169.254.169.254]/', 'http://2130706433/'])
      expect(kindOf(url)).toBe('refused');
  });
});
