import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentFailure } from '@app/tasks';
import { LocalFiles } from '../src/index.js';

let folder: string;
let files: LocalFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  files = new LocalFiles({ folder: join(folder, 'kept'), maxBytes: 1_000 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const read = async (key: string) => (await buffer(await files.open(key))).toString();
/** Everything in the folder that is a file. */
const all = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('LocalFiles', () => {
  it.each([
    ['bytes', () => Buffer.from('hello world')],
    ['a stream', () => Readable.from([Buffer.from('hello '), Buffer.from('world')])],
  ])('keeps %s', async (_name, content) => {
    const kept = await files.put('a/b', content());

    expect(kept).toEqual({ key: `a/b-${sha256('hello world')}`, size: 11, sha256: sha256('hello world') });
    expect(await read(kept.key)).toBe('hello world');
  });

  it('gives the same content in the same place the same key, and other content another one', async () => {
    const [first, again, other] = [
      await files.put('a/b', Buffer.from('1')),
      await files.put('a/b', Buffer.from('1')),
      await files.put('a/b', Buffer.from('2')),
    ];

    expect(again).toEqual(first);
    expect([await read(first.key), await read(other.key)]).toEqual(['1', '2']);
    expect(all()).toHaveLength(2);
  });

  it('refuses for good what is too large, and leaves nothing of it behind', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(100);
      })(),
    );

    await expect(files.put('a/b', endless)).rejects.toThrow(PermanentFailure);
    expect(all()).toEqual([]);
    expect(endless.destroyed).toBe(true);
  });

  it('leaves nothing behind of a stream that fails, or when it is told to stop', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('half');
        throw new Error('cut off');
      })(),
    );

    await expect(files.put('a/b', failing)).rejects.toThrow('cut off');
    await expect(files.put('a/b', Buffer.from('x'), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    );
    expect(all()).toEqual([]);
  });

  it('says at once that there is no such file', async () => {
    await expect(files.open('a/b-0')).rejects.toThrow('ENOENT');
  });

  it('forgets what is removed, and does not mind what is not there', async () => {
    const { key } = await files.put('a/b', Buffer.from('1'));
    await files.remove(key);
    await files.remove(key);

    expect(all()).toEqual([]);
  });

  it.each(['../up', 'a/../../up', '/root', 'a//b', ''])('writes nowhere else: %j', async (place) => {
    await expect(files.put(place, Buffer.from('1'))).rejects.toThrow('cannot be the place');
  });
});
