import type { S3Client } from '@aws-sdk/client-s3';

export interface S3Settings {
  /** Base URL of a server other than AWS; empty for AWS. Buckets are then part of the path, not of the host's name. */
  s3Endpoint: string;
  s3Region: string;
}

/** The first try counts. */
const MAX_ATTEMPTS = 4;
const CONNECT_TIMEOUT_MS = 3_000;
/** A connection on which nothing moves. */
const IDLE_TIMEOUT_MS = 30_000;
/** From the first byte of a request to the first one of its answer; a part of an upload may go over a slow line. */
const REQUEST_TIMEOUT_MS = 300_000;

/**
 * A client of S3 with credentials from where the SDK looks for them: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, the shared
 * files, the role of the machine. The SDK is loaded by the first call: who keeps files in a folder does not pay for it.
 */
export async function connectS3({ s3Endpoint, s3Region }: S3Settings): Promise<S3Client> {
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  return new Client({
    region: s3Region,
    ...(s3Endpoint && { endpoint: s3Endpoint, forcePathStyle: true }),
    maxAttempts: MAX_ATTEMPTS,
    // Many servers other than AWS do not know the checksums that newer SDKs add to everything.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/** A bucket, and what the keys in it begin with: empty, or ending in a slash. */
export interface S3Place {
  bucket: string;
  prefix: string;
}

/** `s3://bucket/prefix` taken apart. */
export function s3PlaceOf(url: string): S3Place {
  const [bucket = '', ...folders] = url.slice('s3://'.length).split('/');
  const prefix = folders.filter((folder) => folder !== '').join('/');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** @throws Error that says what is wrong with a bucket that cannot be used. One that cannot be reached now may be later. */
export async function checkBucket(client: S3Client, bucket: string): Promise<void> {
  const { HeadBucketCommand } = await import('@aws-sdk/client-s3');
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const why = whyUnusable(error);
    if (why) throw new Error(`The bucket "${bucket}" of S3 cannot be used: ${why}.`, { cause: error });
  }
}

function whyUnusable(error: unknown): string | null {
  if ((error as Error).name === 'CredentialsProviderError') return 'there are no credentials (AWS_ACCESS_KEY_ID, …)';
  switch (statusOf(error)) {
    case 301:
      return 'it is in another region than S3_REGION says';
    case 400:
    case 401:
    case 403:
      return 'the credentials are refused';
    case 404:
      return 'there is none with this name';
    default:
      return null;
  }
}

/** The status that S3 answered an error with; undefined if it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
