import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';

/** A secret in Secrets Manager. Whoever may read it is granted that by its ARN. */
export function createSecret(name: string, value: pulumi.Input<string>): aws.secretsmanager.Secret {
  const secret = new aws.secretsmanager.Secret(name, { name: `taskwell/${name}`, recoveryWindowInDays: 7 });
  new aws.secretsmanager.SecretVersion(name, { secretId: secret.id, secretString: value });
  return secret;
}
