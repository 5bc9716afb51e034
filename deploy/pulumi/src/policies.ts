import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

interface Statement {
  actions: string[];
  resources: pulumi.Input<string>[];
}

/** Lets a role do exactly what the statements say. */
export function grant(name: string, role: aws.iam.Role, statements: readonly Statement[]): void {
  const Statement = statements.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources }));
  new aws.iam.RolePolicy(name, { role: role.id, policy: pulumi.jsonStringify({ Version: '2012-10-17', Statement }) });
}

export function roleFor(name: string, service: string): aws.iam.Role {
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }];
  return new aws.iam.Role(name, { assumeRolePolicy: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

export function mayRead(...secrets: aws.secretsmanager.Secret[]): Statement {
  return { actions: ['secretsmanager:GetSecretValue'], resources: secrets.map(({ arn }) => arn) };
}

/** What keeping the files of tasks takes, in one bucket. */
export function mayKeepFiles(bucket: aws.s3.Bucket): Statement[] {
  return [
    { actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'], resources: [bucket.arn] },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:RestoreObject'],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
    },
  ];
}
