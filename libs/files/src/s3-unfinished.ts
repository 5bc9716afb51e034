import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { S3Bucket } from './s3-bucket.js';
import { UNFINISHED } from './place.js';

/** Ends uploads in parts that were begun before a time; answers how many. Those of others in the same bucket are left alone. */
export async function endUploads(bucket: S3Bucket, before: Date): Promise<number> {
  const { client, place } = bucket;
  let ended = 0;
  let page: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (page) {
    const list: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: place.bucket,
      Prefix: place.prefix,
      ...page,
    });
    const found = await client.send(list);
    for (const { Key, UploadId, Initiated } of found.Uploads ?? []) {
      if (Initiated! >= before || !isOurs(bucket.keyOf(Key!))) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: place.bucket, Key, UploadId }));
      ended++;
    }
    page = found.IsTruncated ? { KeyMarker: found.NextKeyMarker, UploadIdMarker: found.NextUploadIdMarker } : undefined;
  }
  return ended;
}

/** Under a passing name, or a copy to a key that ends with a hash. */
function isOurs(key: string): boolean {
  return key.startsWith(`${UNFINISHED}/`) || /-[0-9a-f]{64}$/.test(key);
}
