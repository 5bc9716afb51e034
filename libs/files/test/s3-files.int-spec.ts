import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { Settings } from '@app/config';
import { StorageUnavailable } from '@app/tasks';
import { S3_ENDPOINT } from '../../../test/support/servers.mjs';
import { describeWithS3 } from '../../../test/support/suites.js';
import { openBucket } from '../../../test/support/s3.js';
import { scopeOfSuite } from '../../../test/support/suite-scope.js';
import { TcpProxy } from '../../../test/support/tcp-proxy.js';
import { S3Bucket } from '../src/s3-bucket.js';
import { connectS3 } from '../src/s3-client.js';
import { copyObject } from '../src/s3-copy.js';
import { openStorage } from '../src/open-storage.js';
import { MAX_BYTES, describeFileStorage } from './file-storage.contract.js';

const settingsOf = (changes: Partial<Settings>) =>
  Object.assign(new Settings(), { s3Endpoint: S3_ENDPOINT, maxFileBytes: MAX_BYTES }, changes);

describeFileStorage(
  'Files in S3',
  async () => {
    const bucket = await openBucket();
    return {
      files: await openStorage(settingsOf({ filesUrl: `s3://${bucket.name}/some/folder` })),
      all: async () => (await bucket.everything()).map((key) => key.replace('some/folder/', '')),
      close: bucket.remove,
    };
  },
  describeWithS3,
);

describeWithS3('An object of S3', () => {
  const scope = scopeOfSuite();
  const content = randomBytes(12_000_001);

  async function open(changes: Partial<Settings> = {}) {
    const { name, remove } = await openBucket();
    scope.onEnd(remove);
    return { bucket: name, files: await openStorage(settingsOf({ filesUrl: `s3://${name}`, ...changes })) };
  }

  it('is copied in parts when it is too large to be copied at once', async () => {
    const { bucket, files } = await open();
    const { key, size } = await files.put('a', content);
    const place = new S3Bucket(await connectS3(settingsOf({})), { bucket, prefix: '' });

    await copyObject(place, key, 'copy', size, 5 * 1024 * 1024);

    expect((await buffer(await files.open('copy'))).equals(content)).toBe(true);
  });

  it('is read on where it was when the connection breaks', async () => {
    const proxy = await TcpProxy.before(S3_ENDPOINT, scope);
    const { files } = await open({ s3Endpoint: proxy.through(S3_ENDPOINT) });
    const { key } = await files.put('a', content);

    const pieces: Buffer[] = [];
    for await (const piece of await files.open(key)) {
      pieces.push(piece as Buffer);
      if (pieces.length % 100 === 10) proxy.drop();
    }

    expect(Buffer.concat(pieces).equals(content)).toBe(true);
    expect(proxy.accepted).toBeGreaterThan(2);
  });
});

describeWithS3('Opening files in S3', () => {
  it('says that there is no such bucket', async () => {
    await expect(openStorage(settingsOf({ filesUrl: 's3://no-such-bucket-of-ours' }))).rejects.toThrow(
      'The bucket "no-such-bucket-of-ours" of S3 cannot be used: there is none with this name.',
    );
  });

  it('waits for a server that does not answer yet, and says so when it is needed', async () => {
    const files = await openStorage(settingsOf({ filesUrl: 's3://bucket', s3Endpoint: 'http://127.0.0.1:9' }));

    await expect(files.put('a', Buffer.from('1'))).rejects.toThrow(StorageUnavailable);
    await expect(files.open('a')).rejects.toThrow(StorageUnavailable);
  });
});
