import { createHash, hash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';

/** S3 takes parts of 5 MB at least, but for the last one, and 10,000 of them. */
const PART_BYTES = 8 * 1024 * 1024;

/** What was sent: the SHA-256 of all bytes, and what the server must make of its parts. */
export interface Uploaded {
  size: number;
  sha256: string;
  checksums: Record<string, string>;
}

/** Uploads content in parts, one on its way while the next is made; each carries its SHA-256, which the server compares. */
export async function upload(
  client: S3Client,
  object: { Bucket: string; Key: string; StorageClass: StorageClass },
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { StorageClass, ...target } = object;
  const created = await client.send(new CreateMultipartUploadCommand({ ...target, StorageClass, ChecksumAlgorithm: 'SHA256' }));
  const named = { ...target, UploadId: created.UploadId };
  const whole = createHash('sha256');
  const sha256OfParts = createHash('sha256');
  const md5OfParts = createHash('md5');
  const parts: Promise<CompletedPart>[] = [];
  let size = 0;
  const send = async (PartNumber: number, Body: Buffer): Promise<CompletedPart> => {
    const ChecksumSHA256 = hash('sha256', Body, 'base64');
    const { ETag } = await client.send(new UploadPartCommand({ ...named, PartNumber, Body, ChecksumSHA256 }), {
      abortSignal: signal,
    });
    return { PartNumber, ETag, ChecksumSHA256 };
  };
  try {
    for await (const bytes of partsOf(content)) {
      signal.throwIfAborted();
      size += bytes.length;
      whole.update(bytes);
      sha256OfParts.update(hash('sha256', bytes, 'buffer'));
      md5OfParts.update(hash('md5', bytes, 'buffer'));
      await parts.at(-1);
      parts.push(send(parts.length + 1, bytes));
      // It is awaited later; until then nobody else listens.
      parts.at(-1)!.catch(() => undefined);
    }
    await client.send(new CompleteMultipartUploadCommand({ ...named, MultipartUpload: { Parts: await Promise.all(parts) } }));
  } catch (error) {
    await Promise.allSettled(parts);
    await client.send(new AbortMultipartUploadCommand(named)).catch(() => undefined);
    throw error;
  }
  const checksums = { parts_sha256: sha256OfParts.digest('base64'), etag: `${md5OfParts.digest('hex')}-${parts.length}` };
  return { size, sha256: whole.digest('hex'), checksums };
}

async function* partsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}
