import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { S3Bucket } from './s3-bucket.js';

/** S3 copies at most 5 GB at once, and a copy must be done before the connection counts as idle. */
const MOST_AT_ONCE = 512 * 1024 * 1024;

/** Lets S3 copy an object to another key, in parts if it is large. */
export async function copyObject(bucket: S3Bucket, from: string, to: string, size: number, most = MOST_AT_ONCE): Promise<void> {
  const source = bucket.object(from);
  const copy = {
    ...bucket.object(to),
    CopySource: `${source.Bucket}/${source.Key.split('/').map(encodeURIComponent).join('/')}`,
  };
  if (size <= most) {
    await bucket.client.send(new CopyObjectCommand(copy));
    return;
  }
  const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand(bucket.object(to)));
  const upload = { ...bucket.object(to), UploadId };
  try {
    const Parts: { PartNumber: number; ETag?: string }[] = [];
    for (let at = 0; at < size; at += most) {
      const PartNumber = Parts.length + 1;
      const CopySourceRange = `bytes=${at}-${Math.min(at + most, size) - 1}`;
      const { CopyPartResult } = await bucket.client.send(
        new UploadPartCopyCommand({ ...copy, UploadId, PartNumber, CopySourceRange }),
      );
      Parts.push({ PartNumber, ETag: CopyPartResult!.ETag });
    }
    await bucket.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    await bucket.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
