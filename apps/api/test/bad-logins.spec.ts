import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '@app/access';
import { get, openDoor, post, raw, send, type Answer, type Door } from './door.js';

interface Case {
  id: string;
  name: string;
  bodies?: string[];
  names?: string[];
  values?: string[];
}

const CASES = JSON.parse(readFileSync(new URL('../../../test/data/bad-logins.json', import.meta.url), 'utf8')) as Case[];
/** Cases that this file cannot show, and where they are shown. */
const ELSEWHERE: Record<string, string> = { B256: 'test/journeys/doors.e2e-spec.ts', B247: 'test/journeys/doors.e2e-spec.ts' };

const PASSWORD = 'correct horse battery';
const plain = { title: 't', description: 'd' };
const json = { 'content-type': 'application/json' };
const own = { 'sec-fetch-site': 'same-origin' };

const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')!.split(';', 1)[0]!;

let door: Door;
let admin: Record<string, string>;
let key: string;
let addresses = 0;
/** An address that nobody has failed from. */
const fresh = () => ({ 'x-forwarded-for': `203.0.113.${++addresses}` });
const login = (name: string, password: string, headers: Record<string, string> = fresh()) =>
  post(door, '/api/session', { name, password }, headers);

beforeAll(async () => {
  door = await openDoor({ adminPassword: PASSWORD, trustProxy: 'loopback' });
  admin = { cookie: cookieOf(await login('admin', PASSWORD)), ...own };
  await post(door, '/api/users', { name: 'vera', role: 'viewer', password: 'veras old password' }, admin);
  key = (await post(door, '/api/keys', { name: 'k', scopes: SCOPES }, admin)).body.key as string;
});
afterAll(() => door.close());

const TESTS: Record<string, (given: Case) => Promise<void>> = {
  async B220() {
    const times: Record<string, number[]> = { admin: [], nobody: [] };
    for (let round = 0; round < 6; round++) {
      for (const name of ['admin', 'nobody']) {
        const startedAt = performance.now();
        const answer = await login(name, `wrong password ${round}`);
        times[name]!.push(performance.now() - startedAt);
        expect(answer).toMatchObject({ status: 401, body: { code: 'wrong_login', detail: 'Name or password is wrong.' } });
      }
    }
    const fastest = (name: string) => Math.min(...times[name]!);
    expect(fastest('nobody')).toBeGreaterThan(fastest('admin') / 2);
    expect(fastest('admin')).toBeGreaterThan(fastest('nobody') / 2);
  },

  async B223() {
    const startedAt = performance.now();
    for (const bytes of [1_000_000, 1024 * 1024]) {
      expect((await login('admin', 'x'.repeat(bytes))).status).toBe(400);
    }
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  },

  async B226() {
    const from = fresh();
    const answers = [];
    for (let count = 0; count < 20; count++) answers.push(await login('vera', 'wrong', from));
    const statuses = answers.map(({ status }) => status);

    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(401));
    expect(statuses.slice(-3)).toEqual(Array(3).fill(429));
    expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await login('vera', 'veras old password', from)).status).toBe(429);
    expect((await login('admin', PASSWORD, from)).status).toBe(200);
    expect((await login('vera', 'veras old password')).status).toBe(200);
  },

  async B229() {
    const planted = 'A'.repeat(43);
    const answer = await login('admin', PASSWORD, { ...fresh(), cookie: `taskwell=${planted}` });
    expect(cookieOf(answer)).not.toContain(planted);
    expect((await get(door, '/api/tasks', { cookie: `taskwell=${planted}` })).status).toBe(401);

    const again = await login('admin', PASSWORD, { ...fresh(), cookie: cookieOf(answer) });
    expect(cookieOf(again)).not.toBe(cookieOf(answer));
    expect((await get(door, '/api/tasks', { cookie: cookieOf(answer) })).status).toBe(401);
  },

  async B232() {
    const answer = await login('admin', PASSWORD, { ...fresh(), 'x-forwarded-proto': 'https' });

    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-taskwell=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/);
  },

  async B235() {
    const { cookie } = admin as { cookie: string };

    expect(await post(door, '/api/tasks', plain, { cookie })).toMatchObject({ status: 403, body: { code: 'cross_site' } });
    expect((await post(door, '/api/tasks', plain, { cookie, origin: door.url })).status).toBe(202);
    expect((await post(door, '/api/tasks', plain, { authorization: `Bearer ${key}` })).status).toBe(202);
  },

  async B238() {
    for (const path of ['/api/session?next=//evil.test', '/api/session?redirect=https://evil.test']) {
      const answer = await post(door, path, { name: 'admin', password: PASSWORD }, fresh());
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    }
  },

  async B241() {
    const evil = '<script>alert(1)</script>" onmouseover=';
    const made = await post(door, '/api/tasks', { ...plain, title: evil, payload: { evil } }, admin);
    const shown = await get(door, `/api/tasks/${made.body.task_id}`, admin);

    expect(shown.headers.get('content-type')).toMatch(/^application\/json/);
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(shown.body).toMatchObject({ title: evil, payload: { evil } });
    expect((await get(door, '/')).headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
  },

  async B244() {
    for (const query of [`api_key=${key}`, `apikey=x`, `access_token=${key}`, `x=${key}`, `API-KEY=1`]) {
      expect(await get(door, `/api/tasks?${query}`)).toMatchObject({ status: 400, body: { code: 'key_in_query' } });
    }
  },

  async B250() {
    const vera = { cookie: cookieOf(await login('vera', 'veras old password')), ...own };
    for (const path of ['/api/users', '/api/keys', '/api/audit']) expect((await get(door, path, vera)).status).toBe(403);
    const grab = { name: 'evil', role: 'admin', password: 'evil password 123' };
    expect((await post(door, '/api/users', grab, vera)).status).toBe(403);
    expect((await post(door, '/api/keys', { name: 'evil', scopes: ['admin'] }, vera)).status).toBe(403);
    const { user } = (await get(door, '/api/session', vera)).body;
    const change = { body: '{"role":"admin"}', headers: { ...json, ...vera } };
    expect((await send(door, 'PATCH', `/api/users/${user.user_id}`, change)).status).toBe(403);
  },

  async B253() {
    for (const path of ['/health', '/livez', '/readyz', '/api/session']) {
      expect(JSON.stringify((await get(door, path)).body)).not.toMatch(
        /\d+\.\d+\.\d|:\/\/|localhost|root|sqlite|mysql|correct horse/,
      );
    }
  },

  async D1({ bodies }) {
    for (const body of bodies!) expect([body, (await post(door, '/api/session', body, fresh())).status]).toEqual([body, 400]);
  },

  async D2({ names }) {
    for (const name of names!) expect([name, (await login(name, PASSWORD)).status]).toEqual([name, 401]);
  },

  async D3({ values }) {
    for (const authorization of values!) {
      expect([authorization, (await get(door, '/api/tasks', { authorization })).status]).toEqual([authorization, 401]);
    }
  },

  async D4() {
    const head = (lines: string[]) =>
      `GET /api/tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n`;
    const [good, bad] = [`Authorization: Bearer ${key}`, 'Authorization: Bearer tw_other'];

    expect(await raw(door, head([good]))).toMatch(/^HTTP\/1\.1 200 /);
    for (const lines of [
      [good, bad],
      [bad, good],
      [good, good],
      [good, `X-API-Key: ${key}`],
      [`X-API-Key: ${key}`, 'x-api-key: x'],
    ]) {
      expect(await raw(door, head(lines))).toMatch(/^HTTP\/1\.1 400 /);
    }
  },

  async D5() {
    const wrong = [
      key.toLowerCase(),
      key.toUpperCase(),
      key.slice(0, -1),
      `${key}x`,
      ` ${key.slice(3)}`,
      key.replace('tw_', 'tw-'),
      key.slice(0, 10) + (key[10] === 'a' ? 'b' : 'a') + key.slice(11),
    ];
    for (const text of wrong) expect([text, (await get(door, '/api/tasks', { 'x-api-key': text })).status]).toEqual([text, 401]);
  },

  async D6() {
    const body = JSON.stringify(plain);
    const { cookie } = admin as { cookie: string };
    const attempts: [Record<string, string>, number][] = [
      [{ 'content-type': 'text/plain', origin: 'https://evil.test' }, 403],
      [{ 'content-type': 'text/plain', ...own }, 415],
      [{ 'content-type': 'application/x-www-form-urlencoded', ...own }, 415],
      [{ ...json, origin: 'null' }, 403],
      [{ ...json, 'sec-fetch-site': 'cross-site', origin: door.url }, 403],
      [{ ...json, 'sec-fetch-site': 'same-site' }, 403],
      [{ ...json, 'sec-fetch-site': 'SAME-ORIGIN' }, 403],
      [{ ...json, origin: `${door.url}.evil.test` }, 403],
    ];
    for (const [headers, status] of attempts) {
      expect([headers, (await send(door, 'POST', '/api/tasks', { body, headers: { cookie, ...headers } })).status]).toEqual([
        headers,
        status,
      ]);
    }
    const evil = { ...json, ...fresh(), origin: 'https://evil.test' };
    expect(
      (await send(door, 'POST', '/api/session', { body: JSON.stringify({ name: 'admin', password: PASSWORD }), headers: evil }))
        .status,
    ).toBe(403);
  },

  async D7() {
    const { cookie } = admin as { cookie: string };
    expect((await get(door, '/api/tasks', { cookie: `a=b; ${cookie}` })).status).toBe(200);
    expect((await get(door, '/api/tasks', { cookie: `${cookie}; taskwell=${'A'.repeat(43)}` })).status).toBe(401);
  },

  async D8() {
    const { task_id } = (await post(door, '/api/tasks', plain, admin)).body;
    await get(door, `/api/tasks/${task_id}?_method=DELETE`, { ...admin, 'x-http-method-override': 'POST' });
    const vera = { cookie: cookieOf(await login('vera', 'veras old password')), ...own };
    expect((await get(door, `/api/tasks/${task_id}/cancel`, { ...vera, 'x-http-method-override': 'POST' })).status).not.toBe(200);
    expect((await get(door, `/api/tasks/${task_id}`, admin)).body.status).toBe('PENDING');
  },

  async D9() {
    const direct = await openDoor({ adminPassword: PASSWORD });
    const statuses = [];
    for (let count = 0; count < 8; count++) {
      statuses.push((await post(direct, '/api/session', { name: 'admin', password: 'wrong' }, fresh())).status);
    }
    await direct.close();
    expect(statuses.slice(-2)).toEqual([429, 429]);
  },

  async D10() {
    const [composed, decomposed] = ['pässwörd-zoë-12', 'pässwörd-zoë-12'.normalize('NFD')];
    await post(door, '/api/users', { name: 'zoe', role: 'viewer', password: composed }, admin);
    expect((await login('zoe', decomposed)).status).toBe(200);
    expect((await login('zoe', `${composed} `)).status).toBe(401);
  },
};

describe('bad logins, sessions and keys', () => {
  it.each(CASES.filter(({ id }) => !ELSEWHERE[id]))('$id: $name', (given) => TESTS[given.id]!(given));

  it('leaves no case out', () => {
    expect(CASES.filter(({ id }) => !TESTS[id] && !ELSEWHERE[id])).toEqual([]);
  });
});
