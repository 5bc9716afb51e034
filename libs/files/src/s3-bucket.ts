import type { S3Client } from '@aws-sdk/client-s3';
import { StorageUnavailable } from '@app/tasks';
import { statusOf, type S3Place } from './s3-client.js';

/** A part of a bucket: the objects whose keys begin with a prefix. */
export class S3Bucket {
  constructor(
    readonly client: S3Client,
    readonly place: S3Place,
  ) {}

  /** What names an object in a command. */
  object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: this.place.prefix + key };
  }

  /** Without the prefix. */
  keyOf(objectKey: string): string {
    return objectKey.slice(this.place.prefix.length);
  }
}

/** The error of a call as callers of the storage know it. */
export function storageError(error: unknown): Error {
  const status = statusOf(error);
  const said = status === undefined ? '' : ` (${status} ${(error as Error).name})`;
  return new StorageUnavailable(`The storage of files does not answer as it should${said}.`, { cause: error });
}
