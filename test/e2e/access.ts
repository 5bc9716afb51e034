import { beforeAll, expect, it } from '@jest/globals';
import { plainTask, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import type { Headers } from '../support/http.js';
import { UTC, expectProblem } from '../support/matchers.js';
import { loggedIn, ofAdmin, type SessionView } from './logging-in.js';

const PASSWORD = 'a password of the contract';
const name = `e2e-${Date.now()}`;

/** Users, sessions, keys and the audit. */
export function access(api: Api): void {
  let admin: Headers;

  beforeAll(async () => {
    admin = await ofAdmin(api);
  });

  it('gives a key that opens what it is for, as long as it is there', async () => {
    const made = await api.post<{ key: string; key_id: string }>('/api/keys', { name, scopes: ['tasks:submit'] }, admin);
    const headers = { authorization: `Bearer ${made.body.key}` };

    expect(made.status).toBe(201);
    expect((await api.submit(plainTask(), headers)).status).toBe(202);
    expectProblem(await api.get('/api/tasks', headers), 403, 'forbidden');
    const { items } = (await api.get<{ items: { key_id: string }[] }>('/api/keys', admin)).body;
    expect(items.map(({ key_id }) => key_id)).toContain(made.body.key_id);
    expect((await api.call({ method: 'DELETE', path: `/api/keys/${made.body.key_id}`, headers: admin })).status).toBe(204);
    await eventually('every API has noticed', async () => (await api.submit(plainTask(), headers)).status === 401, {
      within: 20_000,
    });
  });

  it('lets a user log in, look, change the password, and log out', async () => {
    const made = await api.post<{ user_id: string }>('/api/users', { name, role: 'viewer', password: PASSWORD }, admin);
    const path = `/api/users/${made.body.user_id}`;
    expect(made.status).toBe(201);

    let viewer = await loggedIn(api, name, PASSWORD);
    expect((await api.get<SessionView>('/api/session', viewer)).body).toMatchObject({
      user: { name, role: 'viewer' },
      scopes: ['tasks:read'],
    });
    expect((await api.get('/api/tasks', viewer)).status).toBe(200);
    expectProblem(await api.submit(plainTask(), viewer), 403, 'forbidden');
    const changed = await api.post('/api/session/password', { password: PASSWORD, new_password: `${PASSWORD} 2` }, viewer);
    expect(changed.status).toBe(200);
    viewer = { ...viewer, cookie: String(changed.headers['set-cookie']).split(';', 1)[0]! };
    expect((await api.call({ method: 'DELETE', path: '/api/session', headers: viewer })).status).toBe(204);

    expect((await api.call({ method: 'PATCH', path, body: { disabled: true }, headers: admin })).body).toMatchObject({
      disabled: true,
    });
    const { items } = (await api.get<{ items: object[] }>('/api/users', admin)).body;
    expect(items).toContainEqual(expect.objectContaining({ name, disabled: true }));
    expectProblem(await api.post('/api/session', { name, password: `${PASSWORD} 2` }), 401, 'wrong_login');
    expect((await api.call({ method: 'DELETE', path, headers: admin })).status).toBe(204);
  });

  it('tells who did what', async () => {
    const answer = await api.get<{ items: object[] }>('/api/audit?action=key.delete', admin);

    expect(answer.body.items[0]).toMatchObject({ seq: expect.any(Number), at: expect.stringMatching(UTC), action: 'key.delete' });
  });

  it('refuses what a page of another site sends', async () => {
    expectProblem(await api.submit(plainTask(), { 'sec-fetch-site': 'cross-site' }), 403, 'cross_site');
  });
}
