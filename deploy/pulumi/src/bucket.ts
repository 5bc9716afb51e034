import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const GLACIER_AFTER_DAYS = 180;

/** The bucket of tasks' files: private, encrypted, by TLS only, with versions, and cheap for what is old. */
export function createBucket(): aws.s3.Bucket {
  const bucket = new aws.s3.Bucket('files', {}, { protect: true });
  const at = { bucket: bucket.id };
  const locked = new aws.s3.BucketPublicAccessBlock('files', {
    ...at,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketServerSideEncryptionConfiguration('files', {
    ...at,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true }],
  });
  const versions = new aws.s3.BucketVersioning('files', { ...at, versioningConfiguration: { status: 'Enabled' } });
  new aws.s3.BucketLifecycleConfiguration(
    'files',
    {
      ...at,
      rules: [
        {
          id: 'old',
          status: 'Enabled',
          filter: {},
          // Reading one of these takes a restore of some hours first.
          transitions: [{ days: GLACIER_AFTER_DAYS, storageClass: 'GLACIER' }],
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    { dependsOn: versions },
  );
  const Statement = [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ];
  new aws.s3.BucketPolicy(
    'files',
    { ...at, policy: pulumi.jsonStringify({ Version: '2012-10-17', Statement }) },
    { dependsOn: locked },
  );
  return bucket;
}
