import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  RestoreObjectCommand,
  paginateListObjectsV2,
  type HeadObjectCommandOutput,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { statusOf, type S3Place } from '@app/files';
import type { StoredObject } from '../archive.js';
import { ArchiveStorage, type ObjectState, type Readiness, type RestoreTier } from '../archive-storage.js';
import { upload } from './s3-upload.js';

/** The classes in which an object must be asked for before it can be read. */
const COLD: ReadonlySet<string> = new Set<StorageClass>(['GLACIER', 'DEEP_ARCHIVE']);

/** Files of archives in a bucket of S3: rows in a class for what is hardly ever read, what names them in the usual one. */
export class S3Storage extends ArchiveStorage {
  constructor(
    private readonly client: S3Client,
    private readonly place: S3Place,
    private readonly coldClass: StorageClass,
  ) {
    super();
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    { cold, signal }: { cold: boolean; signal: AbortSignal },
  ): Promise<StoredObject> {
    const storageClass = cold ? this.coldClass : 'STANDARD';
    const uploaded = await upload(this.client, { ...this.object(key), StorageClass: storageClass }, content, signal);
    return { key, ...uploaded, storageClass };
  }

  async look(key: string): Promise<ObjectState | null> {
    try {
      const head = await this.client.send(new HeadObjectCommand({ ...this.object(key), ChecksumMode: 'ENABLED' }));
      const storageClass = head.StorageClass ?? 'STANDARD';
      return {
        size: head.ContentLength!,
        checksums: checksumsOf(head),
        storageClass,
        readiness: readinessOf(storageClass, head.Restore),
      };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async open(key: string): Promise<Readable> {
    const { Body } = await this.client.send(new GetObjectCommand(this.object(key)));
    return Body as Readable;
  }

  async wake(key: string, { days, tier }: { days: number; tier: RestoreTier }): Promise<void> {
    try {
      const RestoreRequest = { Days: days, GlacierJobParameters: { Tier: tier } };
      await this.client.send(new RestoreObjectCommand({ ...this.object(key), RestoreRequest }));
    } catch (error) {
      if ((error as Error).name !== 'RestoreAlreadyInProgress') throw error;
    }
  }

  async list(prefix: string): Promise<string[]> {
    const { bucket, prefix: folder } = this.place;
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.client },
      { Bucket: bucket, Prefix: `${folder}${prefix}/` },
    )) {
      keys.push(...Contents.map(({ Key }) => Key!.slice(folder.length)));
    }
    return keys;
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.object(key)));
  }

  async tidy(prefix: string): Promise<void> {
    const { bucket, prefix: folder } = this.place;
    const { Uploads = [] } = await this.client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: `${folder}${prefix}/` }),
    );
    for (const { Key, UploadId } of Uploads) {
      await this.client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  }

  private object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: this.place.prefix + key };
  }
}

/** S3's own SHA-256, or where the server keeps none the MD5 in its entity tag. */
function checksumsOf({ ChecksumSHA256, ETag }: HeadObjectCommandOutput): Record<string, string> {
  if (ChecksumSHA256 === undefined) return { etag: (ETag ?? '').replaceAll('"', '') };
  // S3 adds the number of parts, other servers leave it out.
  return { parts_sha256: ChecksumSHA256.replace(/-\d+$/, '') };
}

function readinessOf(storageClass: string, restore: string | undefined): Readiness {
  if (!COLD.has(storageClass) || restore?.includes('ongoing-request="false"')) return 'ready';
  return restore?.includes('ongoing-request="true"') ? 'waking' : 'asleep';
}
