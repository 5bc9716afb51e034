import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileStorage } from '@app/tasks';
import { get, openDoor, post, raw, type Door } from './door.js';

let door: Door;
let id: string;
beforeAll(async () => {
  door = await openDoor();
  id = (await post(door, '/api/tasks', { title: 't', description: 'd' })).body.task_id as string;
  await door.store.claim([id], { workerId: 'w', leaseMs: 30_000, types: ['plain'] });
  await keep('report.html', '<script>alert(1)</script>', 'text/html');
  await keep('Größe & "Maß" 100%.txt', 'groß', 'text/plain; charset=utf-8');
});
afterAll(() => door.close());

async function keep(name: string, text: string, mediaType: string): Promise<void> {
  const place = `${id}/${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const { key, size, sha256 } = await door.app.get(FileStorage).put(place, Buffer.from(text));
  await door.store.keepFile({ id, attempt: 1 }, { name, mediaType, size, sha256, storageKey: key });
}

describe('GET /api/tasks/{task_id}/files', () => {
  it('lists the files by name', async () => {
    const { items } = (await get(door, `/api/tasks/${id}/files`)).body;

    expect(items).toEqual([
      {
        name: 'Größe & "Maß" 100%.txt',
        media_type: 'text/plain; charset=utf-8',
        size: 5,
        sha256: createHash('sha256').update('groß').digest('hex'),
        url: `/api/tasks/${id}/files/Gr%C3%B6%C3%9Fe%20%26%20%22Ma%C3%9F%22%20100%25.txt`,
        created_at: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({ name: 'report.html' }),
    ]);
  });

  it('is empty for a task without files, and 404 for what is no task', async () => {
    const other = (await post(door, '/api/tasks', { title: 't', description: 'd' })).body.task_id as string;

    expect((await get(door, `/api/tasks/${other}/files`)).body).toEqual({ items: [] });
    expect((await get(door, '/api/tasks/1/files')).status).toBe(404);
    expect((await get(door, `/api/tasks/${id.replace(/.$/, 'z')}/files`)).status).toBe(404);
  });
});

describe('GET /api/tasks/{task_id}/files/{name}', () => {
  it('gives the bytes, to be saved and not to be run', async () => {
    const answer = await get(door, `/api/tasks/${id}/files/report.html`);

    expect(answer).toMatchObject({ status: 200, body: '<script>alert(1)</script>' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '25',
      'content-disposition': `attachment; filename="report.html"; filename*=UTF-8''report.html`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it('finds a file by the url of the list, whatever its name', async () => {
    const { items } = (await get(door, `/api/tasks/${id}/files`)).body;

    expect((await get(door, items[0].url)).body).toBe('groß');
  });

  it('answers 304 to who has it already', async () => {
    const path = `/api/tasks/${id}/files/report.html`;
    const etag = (await get(door, path)).headers.get('etag')!;

    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect(await get(door, path, { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  });

  it.each(['nothing.txt', '..', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '%00', 'report.html%00', 'REPORT.HTML', '%FF'])(
    'answers with a problem for %s',
    async (name) => {
      const answer = await raw(door, `GET /api/tasks/${id}/files/${name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).toContain('application/problem+json');
    },
  );
});
