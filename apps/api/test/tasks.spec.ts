import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const plain = { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } };

describe('POST /api/tasks', () => {
  it('answers 202 with the id of a task that can be read', async () => {
    const answer = await post(door, '/api/tasks', plain);
    console.log(answer, (await get(door, '/openapi.json')).status, (await get(door, '/docs')).status);
    expect(answer.status).toBe(202);
    expect((await get(door, answer.headers.get('location')!)).body).toMatchObject({ ...plain, status: 'PENDING' });
  });
});
