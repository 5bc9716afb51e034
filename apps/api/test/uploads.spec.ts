import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileStorage, StoreUnavailable } from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { UploadSweeper } from '../src/uploads/upload-sweeper.js';
import { get, openDoor, post, raw, send, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ maxUploadBytes: 300_000, requestTimeoutSeconds: 2 });
});
afterAll(() => door.close());

function formOf(files: Record<string, string | Uint8Array>, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, content] of Object.entries(files)) form.append('file', new Blob([content]), name);
  return form;
}

const upload = (form: FormData, headers: Record<string, string> = {}) =>
  send(door, 'POST', '/api/files', { body: form, headers });

/** All files that are kept, also unfinished ones. */
function kept(): string[] {
  const folder = door.settings.filesUrl.slice('file:'.length);
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
}

async function tasks(): Promise<number> {
  return (await get(door, '/api/tasks?page_size=200')).body.items.length;
}

/** Whatever is done must leave everything as it was. */
async function leavesNothing(act: () => Promise<void>): Promise<void> {
  const before = { kept: kept(), tasks: await tasks() };
  await act();
  await eventually('everything is as before', async () => {
    expect({ kept: kept(), tasks: await tasks() }).toEqual(before);
    return true;
  });
}

describe('POST /api/files', () => {
  it('makes every file a task, and keeps it under a name of its own', async () => {
    const before = kept();
    const answer = await upload(
      formOf({ 'a.csv': 'x,y\n1,2\n', 'b.txt': 'hello' }, { dataset: 'orders', options: '{"max_errors":5}' }),
    );

    expect(answer).toMatchObject({ status: 202, body: { dataset: 'orders' } });
    const { batch_id, items } = answer.body;
    expect(answer.headers.get('location')).toBe(`/api/batches/${batch_id}`);
    expect(items).toEqual([
      { task_id: expect.any(String), file: 'a.csv', size: 8, status: 'PENDING' },
      { task_id: expect.any(String), file: 'b.txt', size: 5, status: 'PENDING' },
    ]);
    const task = (await get(door, `/api/tasks/${items[0].task_id}`)).body;
    expect(task).toMatchObject({
      type: 'file.import',
      title: 'Import a.csv',
      payload: { name: 'a.csv', size: 8, dataset: 'orders', max_errors: 5 },
      tags: [`batch:${batch_id}`],
    });
    expect(kept().filter((path) => !before.includes(path))).toContain(task.payload.file);

    expect((await get(door, `/api/batches/${batch_id}`)).body).toEqual({
      batch_id,
      dataset: 'orders',
      finished: false,
      tasks: { PENDING: 2, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 },
      records: 0,
      errors: 0,
      bytes: { done: 0, total: 13 },
      items: [
        { task_id: items[0].task_id, file: 'a.csv', status: 'PENDING', records: 0, errors: 0, bytes: { done: 0, total: 8 } },
        { task_id: items[1].task_id, file: 'b.txt', status: 'PENDING', records: 0, errors: 0, bytes: { done: 0, total: 5 } },
      ],
    });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['C:\\windows\\a.csv', 'a.csv'],
    ['abc\u202evsc.exe', 'abcvsc.exe'],
    ['..', 'file'],
    ['Größe ✓.csv', 'Größe ✓.csv'],
    [`${'x'.repeat(5000)}.csv`, 'x'.repeat(255)],
    ['🧾'.repeat(300), '🧾'.repeat(127)],
    ['CON', 'CON'],
    ['NUL.csv', 'NUL.csv'],
    ['a\r\nX-Injected: 1.csv', expect.not.stringMatching(/[\r\n]/)],
    ['a\0b.csv', expect.not.stringContaining('\0')],
    ['a";b="c.csv', expect.any(String)],
  ])('takes the name %.20s for a name only', async (given, shown) => {
    const { body, status } = await upload(formOf({ [given]: 'a' }));

    expect({ status, file: body.items?.[0].file }).toEqual({ status: 202, file: shown });
  });

  it('takes an empty file', async () => {
    expect((await upload(formOf({ 'empty.csv': '' }))).body.items).toMatchObject([{ size: 0 }]);
  });

  it('answers the same request with the same key by the first answer, and keeps its files once', async () => {
    const first = await upload(formOf({ 'a.csv': 'x' }, { dataset: 'once' }), { 'idempotency-key': 'upload-1' });

    await leavesNothing(async () => {
      const second = await upload(formOf({ 'a.csv': 'x' }, { dataset: 'once' }), { 'idempotency-key': 'upload-1' });
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      const other = await upload(formOf({ 'a.csv': 'y' }, { dataset: 'once' }), { 'idempotency-key': 'upload-1' });
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    });
  });

  it.each([
    ['options that are no JSON', { options: '{' }, '/options'],
    ['an option of another kind', { options: '{"max_errors":"7"}' }, '/options/max_errors'],
    ['an unknown option', { options: '{"colour":"red"}' }, '/options/colour'],
    ['an unknown encoding', { options: '{"encoding":"utf-7"}' }, '/options/encoding'],
    ['an unknown format', { options: '{"format":"xlsx"}' }, '/options/format'],
    ['a dataset that is no name', { dataset: '../x' }, '/dataset'],
    ['an unknown field', { comment: 'x' }, '/comment'],
  ])('refuses %s and keeps nothing', async (_name, fields, pointer) => {
    await leavesNothing(async () => {
      const { status, body } = await upload(formOf({ 'a.csv': 'x' }, fields));
      expect({
        status,
        code: body.code,
        pointers: [...new Set(body.errors.map((error: { pointer: string }) => error.pointer))],
      }).toEqual({
        status: 422,
        code: 'invalid_form',
        pointers: [pointer],
      });
    });
  });

  it('refuses a file that is too large, and those that came with it', async () => {
    await leavesNothing(async () => {
      const answer = await upload(formOf({ 'a.csv': 'x', 'b.csv': 'x'.repeat(300_001) }));
      expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    });
    expect((await upload(formOf({ 'b.csv': 'x'.repeat(300_000) }))).status).toBe(202);
  });

  it('refuses more parts than anybody needs', async () => {
    await leavesNothing(async () => {
      const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`${index}.csv`, 'x']));
      expect((await upload(formOf(files))).status).toBe(413);
      const fields = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`f${index}`, 'x']));
      expect((await upload(formOf({ a: 'x' }, fields))).status).toBe(413);
    });
  });

  it('refuses what is no form', async () => {
    await leavesNothing(async () => {
      expect((await post(door, '/api/files', {})).status).toBe(415);
      expect((await send(door, 'POST', '/api/files')).status).toBe(415);
      expect((await upload(formOf({}, { dataset: 'a' }))).body).toMatchObject({ status: 400, errors: [{ pointer: '/files' }] });
      const headers = { 'content-type': 'multipart/form-data' };
      expect(await send(door, 'POST', '/api/files', { body: 'x', headers })).toMatchObject({ status: 400 });
      const half = { 'content-type': 'multipart/form-data; boundary=b' };
      const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc';
      expect(await send(door, 'POST', '/api/files', { body, headers: half })).toMatchObject({ status: 400 });
    });
    expect((await send(door, 'POST', '/api/tasks', { body: formOf({ a: 'x' }) })).status).toBe(415);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    await leavesNothing(async () => {
      await new Promise<void>((resolve) => {
        const socket = connect(door.port, '127.0.0.1', () => {
          const part = (name: string) => `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\nabc\r\n`;
          socket.write('POST /api/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n');
          socket.write(`Content-Type: multipart/form-data; boundary=b\r\n\r\n${part('1')}${part('2')}${part('3').slice(0, -3)}`);
          setTimeout(() => socket.destroy(), 100);
        });
        socket.on('close', () => resolve());
      });
    });
  });

  it('answers 408 to an upload that hardly moves', async () => {
    await leavesNothing(async () => {
      const answer = await raw(
        door,
        'POST /api/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n' +
          '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    });
  });

  it('keeps nothing when the disk is full or the database away', async () => {
    const storage = door.app.get(FileStorage);
    const put = storage.put.bind(storage);
    const insert = door.store.insert.bind(door.store);
    await leavesNothing(async () => {
      storage.put = async (place, content, options) => {
        if (place.endsWith('-1')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        return put(place, content, options);
      };
      expect(await upload(formOf({ a: 'x', b: 'y' }))).toMatchObject({ status: 507, body: { code: 'storage_full' } });
      storage.put = put;
      door.store.insert = async () => {
        throw new StoreUnavailable('away');
      };
      expect((await upload(formOf({ a: 'x' }))).status).toBe(503);
      await door.app.get(UploadSweeper).settleDoubts(0);
    });
    door.store.insert = insert;
  });

  it('keeps the files of tasks that were committed although nobody heard of it', async () => {
    const insert = door.store.insert.bind(door.store);
    const before = kept();
    door.store.insert = async (...given) => {
      await insert(...given);
      throw new StoreUnavailable('no answer');
    };
    expect((await upload(formOf({ a: 'in doubt' }))).status).toBe(503);
    door.store.insert = insert;

    await door.app.get(UploadSweeper).settleDoubts(0);

    const [task] = (await get(door, '/api/tasks?page_size=1')).body.items;
    const { payload } = (await get(door, `/api/tasks/${task.task_id}`)).body;
    expect(kept().filter((path) => !before.includes(path))).toEqual([payload.file]);
  });

  it('finds what a process left behind that died, and leaves what is young or has a task', async () => {
    const folder = door.settings.filesUrl.slice('file:'.length);
    const age = (path: string) => utimesSync(join(folder, path), new Date(0), new Date(0));
    const claimed = (await upload(formOf({ a: 'of a task' }))).body;
    const storage = door.app.get(FileStorage);
    const other = await storage.put('0190-a-task/report', Buffer.from('x'));
    for (const path of kept()) age(path);
    const before = kept();
    mkdirSync(join(folder, 'unfinished'), { recursive: true });
    for (const name of ['old', 'young']) writeFileSync(join(folder, 'unfinished', name), 'half');
    const [old, young] = await Promise.all(
      ['old', 'young'].map((text) => storage.put(`uploads/${randomUUID()}-0`, Buffer.from(text))),
    );
    age('unfinished/old');
    age(old!.key);

    await door.app.get(UploadSweeper).sweep();

    expect(kept().filter((path) => !before.includes(path))).toEqual(['unfinished/young', young!.key]);
    expect(before.filter((path) => !kept().includes(path))).toEqual([]);
    expect(before).toContain(other.key);
    expect(before.some((path) => path.includes(claimed.batch_id))).toBe(true);
    await Promise.all([storage.remove(young!.key), storage.remove('unfinished/young')]);
  });
});

describe('GET /api/batches/{batch_id}', () => {
  it.each(['1', '00000000-0000-4000-8000-000000000000'])('answers 404 to %s', async (id) => {
    expect(await get(door, `/api/batches/${id}`)).toMatchObject({ status: 404, body: { code: 'batch_not_found' } });
  });
});
