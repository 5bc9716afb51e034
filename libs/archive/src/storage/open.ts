import type { Settings } from '@app/config';
import { checkBucket, connectS3, s3PlaceOf } from '@app/files';
import type { ArchiveStorage } from '../archive-storage.js';
import { FolderStorage } from './folder-storage.js';

/** The storage that `archiveUrl` names. @throws Error for a bucket that cannot be used */
export async function openArchiveStorage(settings: Settings): Promise<ArchiveStorage> {
  const { archiveUrl, archiveStorageClass } = settings;
  if (archiveUrl.startsWith('file:')) return new FolderStorage(archiveUrl.slice('file:'.length));
  const place = s3PlaceOf(archiveUrl);
  const client = await connectS3(settings);
  await checkBucket(client, place.bucket);
  // Who keeps archives in a folder does not pay for the SDK.
  const { S3Storage } = await import('./s3-storage.js');
  return new S3Storage(client, place, archiveStorageClass);
}
