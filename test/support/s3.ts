import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { connectS3 } from '@app/files';
import { S3_ENDPOINT } from './servers.mjs';

/** A new bucket of the S3 server for tests. */
export async function openBucket() {
  const client = await connectS3({ s3Endpoint: S3_ENDPOINT, s3Region: 'us-east-1' });
  const Bucket = `taskwell-test-${randomUUID().slice(0, 8)}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  /** The keys of all objects, and of uploads in parts that are not finished. */
  const everything = async (): Promise<string[]> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    return [...Contents, ...Uploads].map(({ Key }) => Key!);
  };
  const remove = async (): Promise<void> => {
    for (const Key of await everything()) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    client.destroy();
  };
  return { name: Bucket, everything, remove };
}
