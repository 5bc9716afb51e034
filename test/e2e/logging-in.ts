import { expect } from '@jest/globals';
import type { Api } from '../support/api.js';
import type { Headers } from '../support/http.js';

export interface SessionView {
  mode: 'open' | 'locked';
  user: { user_id: string; name: string; role: string } | null;
  scopes: string[];
}

/** The headers of a user who has logged in. */
export async function loggedIn(api: Api, user: string, password: string): Promise<Headers> {
  const answer = await api.post('/api/session', { name: user, password });
  expect(answer.status).toBe(200);
  const [cookie] = String(answer.headers['set-cookie']).split(';', 1);
  return { cookie: cookie!, 'sec-fetch-site': 'same-origin' };
}

/** The headers with which everything may be done: none where the target is open, else those of its admin, whose password is ADMIN_PASSWORD. */
export async function ofAdmin(api: Api): Promise<Headers> {
  const { mode } = (await api.get<SessionView>('/api/session')).body;
  return mode === 'open' ? {} : loggedIn(api, 'admin', process.env.ADMIN_PASSWORD ?? '');
}
