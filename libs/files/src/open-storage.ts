import type { Settings } from '@app/config';
import type { FileStorage } from '@app/tasks';
import { LocalFiles } from './local-files.js';
import { S3Bucket } from './s3-bucket.js';
import { checkBucket, connectS3, s3PlaceOf } from './s3-client.js';

/** The storage of files that `filesUrl` names. @throws Error for a bucket that cannot be used */
export async function openStorage(settings: Settings): Promise<FileStorage> {
  const { filesUrl, maxFileBytes: maxBytes } = settings;
  if (filesUrl.startsWith('file:')) return new LocalFiles({ folder: filesUrl.slice('file:'.length), maxBytes });
  const bucket = new S3Bucket(await connectS3(settings), s3PlaceOf(filesUrl));
  await checkBucket(bucket.client, bucket.place.bucket);
  const { S3Files } = await import('./s3-files.js');
  return new S3Files(bucket, { maxBytes });
}
