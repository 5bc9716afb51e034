import * as pulumi from '@pulumi/pulumi';

/** What a stack is told by `pulumi config`. */
export interface StackSettings {
  size: 'small' | 'large';
  /** With a tag or a digest; `latest` is refused, because machines that start later would run something else. */
  image: string;
  /** Who may reach the API. No default: the world must be named to be let in. */
  allowedCidrs: string[];
  databasePassword: pulumi.Output<string>;
  transportPassword: pulumi.Output<string>;
  /** Of the user "admin", who makes all others. */
  adminPassword: pulumi.Output<string>;
  /** Large only: the certificate of the load balancer, and the server that mails go to. */
  certificateArn?: string;
  smtpUrl?: pulumi.Output<string>;
}

/** @throws Error that names the key of what is missing or wrong. */
export function readSettings(config = new pulumi.Config('taskwell')): StackSettings {
  const size = config.get('size') ?? 'small';
  if (size !== 'small' && size !== 'large') throw new Error(`taskwell:size is ${size}; it can be small or large.`);
  const image = config.require('image');
  if (!/[:@][^/]+$/.test(image) || image.endsWith(':latest')) {
    throw new Error(`taskwell:image is ${image}; it must name a version or a digest.`);
  }
  return {
    size,
    image,
    allowedCidrs: config.requireObject<string[]>('allowedCidrs'),
    databasePassword: config.requireSecret('databasePassword'),
    transportPassword: config.requireSecret('transportPassword'),
    adminPassword: config.requireSecret('adminPassword'),
    certificateArn: size === 'large' ? config.require('certificateArn') : undefined,
    smtpUrl: size === 'large' ? config.requireSecret('smtpUrl') : undefined,
  };
}
