import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentFailure, type FileStorage } from '@app/tasks';

/** A storage of its own for one test. */
export interface Opened {
  files: FileStorage;
  /** The keys of everything in it, also of what is unfinished. */
  all: () => Promise<string[]>;
  close: () => Promise<void>;
}

/** Largest file of the storages that are opened for the contract. */
export const MAX_BYTES = 40 * 1024 * 1024;
const LARGE = 20 * 1024 * 1024 + 1;

const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** What every storage of files must do. */
export function describeFileStorage(
  name: string,
  open: () => Promise<Opened>,
  suite: (name: string, body: () => void) => void = describe,
): void {
  suite(name, () => {
    let files: FileStorage;
    let opened: Opened;
    beforeEach(async () => {
      opened = await open();
      files = opened.files;
    });
    afterEach(() => opened.close());

    const read = async (key: string, range?: { from: number; to: number }) => buffer(await files.open(key, range));

    it.each([
      ['bytes', () => Buffer.from('hello world')],
      ['a stream', () => Readable.from([Buffer.from('hello '), Buffer.from('world')])],
    ])('keeps %s', async (_name, content) => {
      const kept = await files.put('a/b', content());

      expect(kept).toEqual({ key: `a/b-${hashOf('hello world')}`, size: 11, sha256: hashOf('hello world') });
      expect((await read(kept.key)).toString()).toBe('hello world');
    });

    it('keeps nothing at all, too', async () => {
      const { key, size } = await files.put('a/b', Buffer.alloc(0));

      expect({ size, length: (await read(key)).length }).toEqual({ size: 0, length: 0 });
    });

    it('keeps what comes in many pieces, and gives back any part of it', async () => {
      const content = randomBytes(LARGE);
      const pieces = Readable.from(
        (function* () {
          for (let at = 0; at < LARGE; at += 300_000) yield content.subarray(at, at + 300_000);
        })(),
      );

      const { key, size, sha256 } = await files.put('large/one', pieces);

      expect({ size, sha256, all: await opened.all() }).toEqual({ size: LARGE, sha256: hashOf(content), all: [key] });
      expect(hashOf(await read(key))).toBe(sha256);
      const part = await read(key, { from: 9_000_000, to: 19_000_000 });
      expect(part.equals(content.subarray(9_000_000, 19_000_000))).toBe(true);
      expect(await read(key, { from: LARGE - 1, to: LARGE })).toEqual(content.subarray(LARGE - 1));
    });

    it('gives the same content in the same place the same key, and other content another one', async () => {
      const [first, again, other] = [
        await files.put('a/b', Buffer.from('1')),
        await files.put('a/b', Buffer.from('1')),
        await files.put('a/b', Buffer.from('2')),
      ];

      expect(again).toEqual(first);
      expect([await read(first.key), await read(other.key)].join()).toBe('1,2');
      expect(await opened.all()).toHaveLength(2);
    });

    it('lets go of a file that is not read to its end', async () => {
      const { key } = await files.put('a/b', Buffer.alloc(MAX_BYTES));

      for await (const chunk of await files.open(key)) {
        expect((chunk as Buffer).length).toBeGreaterThan(0);
        break;
      }
    });

    it('refuses for good what is too large, and leaves nothing of it behind', async () => {
      const endless = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(1024 * 1024);
        })(),
      );

      await expect(files.put('a/b', endless)).rejects.toThrow(PermanentFailure);
      expect(await opened.all()).toEqual([]);
      expect(endless.destroyed).toBe(true);
      await expect(files.put('a/b', Buffer.from('12'), { maxBytes: 1 })).rejects.toThrow(PermanentFailure);
    });

    it.each([1, 15])('leaves nothing behind of a stream that fails after %d MB', async (megabytes) => {
      const failing = Readable.from(
        (function* () {
          for (let count = 0; count < megabytes; count++) yield Buffer.alloc(1024 * 1024);
          throw new Error('cut off');
        })(),
      );

      await expect(files.put('a/b', failing)).rejects.toThrow('cut off');
      expect(await opened.all()).toEqual([]);
    });

    it('leaves nothing behind when it is told to stop', async () => {
      const stopped = { signal: AbortSignal.abort(new Error('stopped')) };

      await expect(files.put('a/b', Buffer.from('x'), stopped)).rejects.toThrow('stopped');
      expect(await opened.all()).toEqual([]);
    });

    it('says at once that there is no such file', async () => {
      await expect(files.open('a/b-0')).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('forgets what is removed, and does not mind what is not there', async () => {
      const { key } = await files.put('a/b', Buffer.from('1'));
      await files.remove(key);
      await files.remove(key);

      expect(await opened.all()).toEqual([]);
    });

    it.each(['../up', 'a/../../up', '/root', 'a//b', ''])('writes nowhere else: %j', async (place) => {
      await expect(files.put(place, Buffer.from('1'))).rejects.toThrow('cannot be the place');
    });

    it('lists what is in a folder, with its time', async () => {
      const before = Date.now();
      const keys = [];
      for (const place of ['a/1', 'a/2/3', 'ab/4', 'c']) keys.push((await files.put(place, Buffer.from(place))).key);

      const listed = [];
      for await (const kept of files.list('a')) listed.push(kept);

      expect(listed.map(({ key }) => key).toSorted()).toEqual(keys.slice(0, 2));
      for (const { changedAt } of listed) expect(Math.abs(changedAt.getTime() - before)).toBeLessThan(60_000);
      for await (const kept of files.list('nowhere')) throw new Error(kept.key);
    });

    it('forgets what a process left unfinished long ago, and nothing else', async () => {
      const { key } = await files.put('a/b', Buffer.from('1'));
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      let begun = () => {};
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const slow = async function* () {
        for (let count = 0; count < 18; count++) yield Buffer.alloc(1024 * 1024);
        begun();
        await released;
      };
      const putting = files.put('a/c', slow());
      await isBegun;

      // There are S3 servers that date whatever is unfinished back by years.
      expect(await files.removeUnfinished(new Date(0))).toBe(0);
      const removed = await files.removeUnfinished(new Date(Date.now() + 3_600_000));
      release();
      await Promise.allSettled([putting]);

      expect(removed).toBe(1);
      expect(await opened.all()).toEqual([key]);
    });
  });
}
