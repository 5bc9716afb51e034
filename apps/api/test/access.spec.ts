import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES, type Scope } from '@app/access';
import { get, openDoor, post, send, type Answer, type Door } from './door.js';

const ADMIN_PASSWORD = 'correct horse battery';
const plain = { title: 't', description: 'd' };
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** The cookie that an answer sets, as a request carries it. */
function cookieOf(answer: Answer): string {
  return answer.headers.get('set-cookie')!.split(';', 1)[0]!;
}

/** The headers of a user who has logged in. */
async function loggedIn(door: Door, name: string, password: string): Promise<Record<string, string>> {
  const answer = await post(door, '/api/session', { name, password });
  expect(answer.status).toBe(200);
  return { cookie: cookieOf(answer), ...SAME_ORIGIN };
}

async function makeKey(door: Door, admin: Record<string, string>, wish: object = {}): Promise<{ key: string; key_id: string }> {
  const answer = await post(door, '/api/keys', { name: 'k', scopes: SCOPES, ...wish }, admin);
  expect(answer.status).toBe(201);
  return answer.body;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('an open Taskwell', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor();
  });
  afterAll(() => door.close());

  it('says so, and lets everybody do everything', async () => {
    expect((await get(door, '/api/session')).body).toEqual({
      mode: 'open',
      setup_needed: false,
      user: null,
      scopes: SCOPES,
      banner: expect.stringContaining('open'),
    });
    expect((await post(door, '/api/tasks', plain)).status).toBe(202);
    expect((await get(door, '/api/audit')).status).toBe(200);
  });

  it('takes nothing from pages of other sites', async () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(await post(door, '/api/tasks', plain, headers)).toMatchObject({ status: 403, body: { code: 'cross_site' } });
    }
    expect((await post(door, '/api/tasks', plain, { origin: door.url })).status).toBe(202);
  });

  it('heeds a key that is given, and refuses one that is none', async () => {
    const { key } = await makeKey(door, {}, { scopes: ['tasks:read'] });

    expect((await get(door, '/api/tasks', bearer(key))).status).toBe(200);
    expect((await post(door, '/api/tasks', plain, bearer(key))).status).toBe(403);
    expect((await get(door, '/api/tasks', bearer('tw_nonsense'))).status).toBe(401);
  });

  it('is locked by its first admin', async () => {
    const name = 'Ada';
    expect((await post(door, '/api/users', { name, role: 'admin', password: ADMIN_PASSWORD })).status).toBe(201);

    expect((await get(door, '/api/tasks')).status).toBe(401);
    expect((await get(door, '/api/session')).body).toMatchObject({ mode: 'locked', setup_needed: false, scopes: [] });
    expect((await get(door, '/api/tasks', await loggedIn(door, 'ada', ADMIN_PASSWORD))).status).toBe(200);
  });
});

describe('a locked Taskwell', () => {
  let door: Door;
  let admin: Record<string, string>;
  beforeAll(async () => {
    door = await openDoor({ adminPassword: ADMIN_PASSWORD, trustProxy: 'loopback' });
    admin = await loggedIn(door, 'admin', ADMIN_PASSWORD);
  });
  afterAll(() => door.close());

  it('takes nothing without key or session, and says how to ask', async () => {
    const answer = await post(door, '/api/tasks', plain);

    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect((await get(door, '/livez')).status).toBe(200);
    expect((await get(door, '/metrics')).status).toBe(401);
    expect((await get(door, '/openapi.json')).status).toBe(200);
  });

  describe('a key', () => {
    it('is shown once, with check digits', async () => {
      const { key, ...made } = await makeKey(door, admin, {
        name: 'Zoë',
        types: ['plain'],
        rate_limit: 9,
        expires_at: '2999-01-01T00:00:00Z',
      });
      const { items } = (await get(door, '/api/keys', admin)).body;

      expect(key).toMatch(/^tw_[0-9A-Za-z]{49}$/);
      expect(items).toContainEqual(made);
      expect(JSON.stringify(items)).not.toContain(key);
      expect(key.startsWith((made as unknown as { prefix: string }).prefix)).toBe(true);
    });

    it.each(['authorization', 'x-api-key'])('opens by the header %s', async (header) => {
      const { key } = await makeKey(door, admin);

      expect((await get(door, '/api/tasks', { [header]: header === 'authorization' ? `bearer  ${key}` : key })).status).toBe(200);
    });

    it('has archives made only with the scope admin, by whatever door', async () => {
      const submitter = bearer((await makeKey(door, admin, { scopes: ['tasks:submit', 'tasks:act'] })).key);
      const task = { type: 'archive.year', payload: { fiscal_year: 2020 } };
      const schedule = { cron: '0 7 * * *', task };
      const refused = { status: 403, body: { code: 'type_not_allowed' } };

      expect(await post(door, '/api/tasks', task, submitter)).toMatchObject(refused);
      expect(await post(door, '/api/tasks/batch', { tasks: [task] }, submitter)).toMatchObject(refused);
      expect(await post(door, '/api/schedules', schedule, submitter)).toMatchObject(refused);
      const { schedule_id } = (await post(door, '/api/schedules', { ...schedule, task: plain }, submitter)).body;
      const change = { headers: { 'content-type': 'application/json', ...submitter }, body: JSON.stringify({ task }) };
      expect(await send(door, 'PATCH', `/api/schedules/${schedule_id}`, change)).toMatchObject(refused);
      expect((await post(door, '/api/tasks', task, admin)).status).toBe(202);
    });

    it('does not open once it is deleted', async () => {
      const { key, key_id } = await makeKey(door, admin);
      expect((await get(door, '/api/tasks', bearer(key))).status).toBe(200);

      expect((await send(door, 'DELETE', `/api/keys/${key_id}`, { headers: admin })).status).toBe(204);

      expect(await get(door, '/api/tasks', bearer(key))).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect((await send(door, 'DELETE', `/api/keys/${key_id}`, { headers: admin })).status).toBe(404);
    });

    it('needs no turn of the event loop, and no statement, when it was used a moment ago', async () => {
      const { key } = await makeKey(door, admin);
      await get(door, '/api/types', bearer(key));
      const { Keyring } = await import('@app/access');

      expect(door.app.get(Keyring, { strict: false }).find(key)).toMatchObject({ kind: 'key' });
    });

    it('is limited to its types', async () => {
      const { key } = await makeKey(door, admin, { types: ['text.reverse'] });
      const reverse = { type: 'text.reverse', payload: { text: 'x' } };
      const other = (await post(door, '/api/tasks', plain, admin)).body.task_id as string;
      const own = (await post(door, '/api/tasks', reverse, bearer(key))).body.task_id as string;

      expect(await post(door, '/api/tasks', plain, bearer(key))).toMatchObject({
        status: 403,
        body: { code: 'type_not_allowed' },
      });
      expect((await post(door, '/api/tasks/batch', { tasks: [reverse, plain] }, bearer(key))).status).toBe(403);
      expect((await get(door, `/api/tasks/${own}`, bearer(key))).status).toBe(200);
      for (const path of ['', '/attempts', '/logs', '/files', '/callbacks']) {
        expect([path, (await get(door, `/api/tasks/${other}${path}`, bearer(key))).status]).toEqual([path, 404]);
      }
      expect((await post(door, `/api/tasks/${other}/cancel`, '', bearer(key))).status).toBe(404);
      const { items } = (await get(door, '/api/tasks', bearer(key))).body;
      expect(items.map(({ type }: { type: string }) => type)).toEqual(['text.reverse']);
      expect((await get(door, '/api/tasks?type=plain', bearer(key))).body.items).toEqual([]);
      expect((await get(door, '/api/datasets', bearer(key))).status).toBe(403);
    });

    it.each([
      [{ name: '' }, '/name'],
      [{ name: 'a\nb' }, '/name'],
      [{ scopes: [] }, '/scopes'],
      [{ scopes: ['tasks:all'] }, '/scopes'],
      [{ types: ['no.such'] }, '/types/0'],
      [{ expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
      [{ expires_at: 5 }, '/expires_at'],
      [{ rate_limit: 0 }, '/rate_limit'],
    ])('is not made of %j', async (wish, pointer) => {
      const answer = await post(door, '/api/keys', { name: 'k', scopes: ['tasks:read'], ...wish }, admin);

      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    });

    it('may make so many requests a minute, and is told how many are left', async () => {
      const { key } = await makeKey(door, admin, { rate_limit: 2 });
      const answers = [];
      for (let count = 0; count < 3; count++) answers.push(await get(door, '/api/types', bearer(key)));

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(Array(3).fill('"key";q=2;w=60'));
      expect(answers.map(({ headers }) => headers.get('ratelimit')!.replace(/t=(60|59|58)$/, 't'))).toEqual([
        '"key";r=1;t',
        '"key";r=0;t',
        '"key";r=0;t',
      ]);
      expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(50);
    });
  });

  describe('a user', () => {
    it('logs in and out', async () => {
      const answer = await post(door, '/api/session', { name: 'ADMIN', password: ADMIN_PASSWORD });
      const headers = { cookie: cookieOf(answer), ...SAME_ORIGIN };

      expect(answer.body).toMatchObject({ mode: 'locked', user: { name: 'admin', role: 'admin' }, scopes: SCOPES });
      expect((await get(door, '/api/session', headers)).body).toEqual(answer.body);
      expect((await send(door, 'DELETE', '/api/session', { headers })).status).toBe(204);
      expect((await get(door, '/api/session', headers)).body).toMatchObject({ user: null, scopes: [] });
      expect((await get(door, '/api/tasks', headers)).status).toBe(401);
    });

    it('is out when disabled, deleted, or given another password', async () => {
      const { body: user } = await post(
        door,
        '/api/users',
        { name: 'bob', role: 'operator', password: 'bobs old password' },
        admin,
      );
      const path = `/api/users/${user.user_id}`;
      const change = (body: object) =>
        send(door, 'PATCH', path, { body: JSON.stringify(body), headers: { ...admin, 'content-type': 'application/json' } });
      let bob = await loggedIn(door, 'bob', 'bobs old password');
      expect((await get(door, '/api/tasks', bob)).status).toBe(200);

      expect((await change({ password: 'bobs new password' })).status).toBe(200);
      expect((await get(door, '/api/tasks', bob)).status).toBe(401);
      bob = await loggedIn(door, 'bob', 'bobs new password');
      expect((await change({ disabled: true })).body).toMatchObject({ disabled: true });
      expect((await get(door, '/api/tasks', bob)).status).toBe(401);
      expect((await post(door, '/api/session', { name: 'bob', password: 'bobs new password' })).body.code).toBe('wrong_login');
      expect((await send(door, 'DELETE', path, { headers: admin })).status).toBe(204);
      expect((await send(door, 'DELETE', path, { headers: admin })).status).toBe(404);
    });

    it('changes the own password, and only the session that did it goes on', async () => {
      await post(door, '/api/users', { name: 'carol', role: 'viewer', password: 'carols password 1' }, admin);
      const [one, other] = [
        await loggedIn(door, 'carol', 'carols password 1'),
        await loggedIn(door, 'carol', 'carols password 1'),
      ];
      const change = (password: string) =>
        post(door, '/api/session/password', { password, new_password: 'carols password 2' }, one);

      expect((await change('wrong password')).body.code).toBe('wrong_login');
      const changed = await change('carols password 1');

      expect(changed.status).toBe(200);
      expect((await get(door, '/api/tasks', other)).status).toBe(401);
      expect((await get(door, '/api/tasks', one)).status).toBe(401);
      expect((await get(door, '/api/tasks', { cookie: cookieOf(changed) })).status).toBe(200);
      expect((await post(door, '/api/session/password', { password: 'x', new_password: 'carols password 2' })).status).toBe(401);
    });

    it('cannot be had twice, and the last admin stays', async () => {
      const { body } = await get(door, '/api/users', admin);
      const me = body.items.find(({ name }: { name: string }) => name === 'admin').user_id as string;

      expect((await post(door, '/api/users', { name: 'Admin', role: 'viewer', password: ADMIN_PASSWORD }, admin)).body.code).toBe(
        'name_taken',
      );
      expect((await send(door, 'DELETE', `/api/users/${me}`, { headers: admin })).body.code).toBe('last_admin');
    });
  });

  it('gives its cookie the strictest name that the browser takes', async () => {
    const plainCookie = (await post(door, '/api/session', { name: 'admin', password: ADMIN_PASSWORD })).headers.get(
      'set-cookie',
    )!;
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'tasks.example.com' };
    const secure = (await post(door, '/api/session', { name: 'admin', password: ADMIN_PASSWORD }, https)).headers.get(
      'set-cookie',
    )!;

    expect(plainCookie).toMatch(/^taskwell=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    expect(secure).toMatch(/^__Host-taskwell=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
    const cookie = secure.split(';', 1)[0]!;
    expect((await get(door, '/api/tasks', { cookie, ...https })).status).toBe(200);
    expect((await get(door, '/api/tasks', { cookie: cookie.replace('__Host-', ''), ...https })).status).toBe(401);
  });
});

describe('a Taskwell that others reach', () => {
  it('is set up once by its link, and does nothing before', async () => {
    const door = await openDoor({ host: '0.0.0.0', anonymousScopes: 'tasks:read' });
    try {
      const { AccessStore } = await import('@app/access');
      const { createHash } = await import('node:crypto');
      await door.app.get(AccessStore, { strict: false }).addSetupToken(createHash('sha256').update('a-token').digest('hex'));
      const setUp = (token: string, name = 'root') => post(door, '/api/setup', { token, name, password: ADMIN_PASSWORD });

      expect(await get(door, '/api/tasks')).toMatchObject({ status: 503, body: { code: 'setup_needed' } });
      expect((await get(door, '/api/session')).body).toMatchObject({
        mode: 'locked',
        setup_needed: true,
        user: null,
        scopes: [],
      });
      expect((await setUp('another-token')).body.code).toBe('setup_refused');
      expect((await setUp('a-token')).status).toBe(201);
      expect((await setUp('a-token', 'evil')).body.code).toBe('setup_refused');
      expect((await get(door, '/api/session')).body).toMatchObject({
        mode: 'locked',
        setup_needed: false,
        scopes: ['tasks:read'],
      });
      expect((await get(door, '/api/tasks')).status).toBe(200);
      expect((await post(door, '/api/tasks', plain)).status).toBe(401);
      await loggedIn(door, 'root', ADMIN_PASSWORD);
    } finally {
      await door.close();
    }
  });
});

describe('every route', () => {
  let door: Door;
  let callers: Record<string, Record<string, string>>;
  let operations: { method: string; path: string; scope: Scope | null }[];

  /** What each route asks for. A route that is not here must say so. */
  const PUBLIC = [
    'GET /livez',
    'GET /readyz',
    'GET /metrics',
    'GET /api/session',
    'POST /api/session',
    'DELETE /api/session',
    'POST /api/session/password',
    'POST /api/setup',
  ];

  beforeAll(async () => {
    door = await openDoor({ adminPassword: ADMIN_PASSWORD });
    const admin = await loggedIn(door, 'admin', ADMIN_PASSWORD);
    for (const role of ['viewer', 'operator'])
      await post(door, '/api/users', { name: role, role, password: ADMIN_PASSWORD }, admin);
    callers = {
      nobody: {},
      viewer: await loggedIn(door, 'viewer', ADMIN_PASSWORD),
      operator: await loggedIn(door, 'operator', ADMIN_PASSWORD),
    };
    for (const scope of SCOPES) callers[scope] = bearer((await makeKey(door, admin, { scopes: [scope] })).key);
    const { paths } = (await get(door, '/openapi.json')).body as {
      paths: Record<string, Record<string, { security?: Record<string, Scope[]>[] }>>;
    };
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path,
        scope: security?.[0]?.['key']?.[0] ?? null,
      })),
    );
  });
  afterAll(() => door.close());

  const MAY: Record<string, Scope[]> = {
    nobody: [],
    viewer: ['tasks:read'],
    operator: ['tasks:read', 'tasks:submit', 'tasks:act'],
    ...Object.fromEntries(SCOPES.map((scope) => [scope, [scope]])),
  };

  it('says in the document what it asks for', () => {
    expect(
      operations
        .filter(({ scope }) => scope === null)
        .map(({ method, path }) => `${method} ${path}`)
        .toSorted(),
    ).toEqual(PUBLIC.toSorted());
  });

  it.each(['nobody', 'viewer', 'operator', ...SCOPES])('is open to %s as far as it says, and no further', async (name) => {
    const wrong = [];
    for (const { method, path, scope } of operations) {
      if (scope === null || path.endsWith('/events') || path === '/api/ws') continue;
      const url = path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
      const { status } = await send(door, method, url, {
        headers: callers[name]!,
        body: method === 'POST' || method === 'PATCH' ? '' : undefined,
      });
      const refused = status === 401 || status === 403;
      if (refused !== !MAY[name]!.includes(scope) || (name === 'nobody' && status !== 401))
        wrong.push(`${method} ${path}: ${status}`);
    }

    expect(wrong).toEqual([]);
  });
});

describe('the audit', () => {
  let door: Door;
  let admin: Record<string, string>;
  beforeAll(async () => {
    door = await openDoor({ adminPassword: ADMIN_PASSWORD });
    admin = await loggedIn(door, 'admin', ADMIN_PASSWORD);
  });
  afterAll(() => door.close());

  const lines = async (query = '') => (await get(door, `/api/audit${query}`, admin)).body.items as Record<string, unknown>[];

  it('says who called off which task, and who was refused', async () => {
    const { key, key_id } = await makeKey(door, admin, { name: 'worker bee' });
    const { task_id } = (await post(door, '/api/tasks', plain, bearer(key))).body;
    await post(door, `/api/tasks/${task_id}/cancel`, '', bearer(key));
    await post(door, `/api/tasks/nothing/cancel`, '', bearer(key));
    const [refused, unknown, cancelled] = await lines('?action=task.cancel');

    expect(cancelled).toMatchObject({
      actor: { kind: 'key', id: key_id, name: 'worker bee' },
      target: { kind: 'task', id: task_id },
    });
    expect(unknown).toMatchObject({ target: { kind: 'task', id: 'nothing' } });
    expect(refused).toMatchObject({ detail: { refused: 'task_not_found' } });
    expect((await lines('?actor=worker%20bee')).length).toBe(3);
  });

  it('knows of logins, also of those that failed, and of keys and users', async () => {
    await post(door, '/api/session', { name: 'mallory', password: 'x' });

    expect((await lines('?action=session.refuse'))[0]).toMatchObject({ detail: { name: 'mallory', address: '127.0.0.1' } });
    expect((await lines('?action=session.begin'))[0]).toMatchObject({ actor: { kind: 'user', name: 'admin' } });
    expect((await lines('?action=key.create'))[0]).toMatchObject({ actor: { kind: 'user', name: 'admin' } });
    expect((await lines('?action=user.setup'))[0]).toMatchObject({ actor: { kind: 'system' } });
  });

  it('holds no password and no key', async () => {
    await post(door, '/api/schedules', { cron: '@daily', task: { ...plain, metadata: { password: 'hunter22' } } }, admin);
    const all = JSON.stringify(await lines('?page_size=200'));

    expect(all).toContain('schedule.create');
    expect(all).not.toMatch(/hunter22|correct horse|tw_[0-9A-Za-z]{20}/);
  });

  it('must be written, or nothing is done', async () => {
    const { AccessStore } = await import('@app/access');
    const { StoreUnavailable } = await import('@app/tasks');
    const { task_id } = (await post(door, '/api/tasks', plain, admin)).body;
    const store = door.app.get(AccessStore, { strict: false });
    const note = store.note.bind(store);
    store.note = () => Promise.reject(new StoreUnavailable('away'));
    const answer = await post(door, `/api/tasks/${task_id}/cancel`, '', admin);
    store.note = note;

    expect(answer.status).toBe(503);
    expect((await get(door, `/api/tasks/${task_id}`, admin)).body.status).toBe('PENDING');
  });

  it('is written by every route that acts, but for submissions', async () => {
    const acting = (await get(door, '/openapi.json')).body.paths as Record<
      string,
      Record<string, { security?: Record<string, Scope[]>[] }>
    >;
    const before = (await lines('?page_size=1'))[0]!.seq as number;
    const routes = Object.entries(acting).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method, { security }]) => method !== 'get' && security?.[0]?.['key']?.[0] === 'tasks:act')
        .map(([method]) => [method.toUpperCase(), path] as const),
    );
    for (const [method, path] of routes) {
      const url = path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
      await send(door, method, url, {
        headers: { ...admin, ...(method === 'DELETE' ? {} : { 'content-type': 'application/json' }) },
        body: method === 'DELETE' ? undefined : '{}',
      });
    }
    const noted = (await lines('?page_size=200')).filter(
      ({ seq, detail }) => (seq as number) > before && !(detail as { refused?: string }).refused,
    );

    expect(noted.length).toBe(routes.length);
  });
});

describe('what REDACT names', () => {
  it('is hidden from those who only look on, and from nobody else', async () => {
    const door = await openDoor({ adminPassword: ADMIN_PASSWORD });
    try {
      const admin = await loggedIn(door, 'admin', ADMIN_PASSWORD);
      const [viewer, client] = [
        await makeKey(door, admin, { scopes: ['tasks:read'] }),
        await makeKey(door, admin, { scopes: ['tasks:read', 'tasks:submit'] }),
      ];
      const secret = 'hunter22-hunter22';
      const { task_id } = (
        await post(
          door,
          '/api/tasks',
          {
            ...plain,
            description: `with ${secret}`,
            payload: { login: { Password: secret, user: 'ada' } },
            metadata: { api_token: secret },
          },
          admin,
        )
      ).body;
      const [claimed] = await door.store.claim([task_id], { workerId: 'w', leaseMs: 30_000, types: ['plain'] });
      await door.store.report([
        {
          lease: { id: task_id, attempt: 1 },
          lines: [{ line: 1, level: 'info', message: `logged in with ${secret}`, agoMs: 0 }],
        },
      ]);
      const { fail } = await import('@app/tasks');
      await door.store.settle([
        fail(claimed as never, { kind: 'error', message: `${secret} was refused`, attempt: 1 }, { retryable: false }),
      ]);

      for (const path of [
        `/api/tasks/${task_id}`,
        '/api/tasks',
        `/api/tasks/${task_id}/logs`,
        `/api/tasks/${task_id}/attempts`,
      ]) {
        const [hidden, shown] = [await get(door, path, bearer(viewer.key)), await get(door, path, bearer(client.key))].map(
          ({ body }) => JSON.stringify(body),
        );
        expect([path, hidden!.includes(secret)]).toEqual([path, false]);
        if (!path.endsWith('attempts'))
          expect([path, hidden!.includes('[redacted]'), shown!.includes(secret)]).toEqual([path, true, true]);
      }
      expect((await get(door, `/api/tasks/${task_id}`, bearer(viewer.key))).body.payload).toEqual({
        login: { Password: '[redacted]', user: 'ada' },
      });
    } finally {
      await door.close();
    }
  });
});
