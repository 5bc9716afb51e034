import * as pulumi from '@pulumi/pulumi';

export interface Resource {
  type: string;
  name: string;
  // What Pulumi would send to AWS; every type has its own.
  inputs: Record<string, any>;
}

const made: Resource[] = [];

const OUTPUTS: Record<string, (inputs: Record<string, any>) => Record<string, unknown>> = {
  'aws:mq/broker:Broker': () => ({ instances: [{ endpoints: ['amqps://b-1.mq.example.com:5671'] }] }),
  'aws:rds/instance:Instance': () => ({ endpoint: 'db.example.com:3306' }),
};

void pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      made.push({ type, name, inputs });
      const arn = `arn:aws:${type}:${name}`;
      return {
        id: `${name}-id`,
        state: { arn, name, bucket: name, privateIp: '10.0.0.9', ...inputs, ...OUTPUTS[type]?.(inputs) },
      };
    },
    call: ({ token }) => {
      if (token.includes('getAvailabilityZones')) return { names: ['a', 'b', 'c'] };
      if (token.includes('getRegion')) return { region: 'eu-central-1' };
      return { value: 'ami-1' };
    },
  },
  'taskwell',
  'test',
  false,
);

/** Every resource that a stack makes; secrets are shown as they are. */
export async function resourcesOf(create: () => unknown): Promise<Resource[]> {
  made.length = 0;
  create();
  await pulumi.runtime.disconnect();
  return made.map(({ inputs, ...rest }) => ({ ...rest, inputs: plain(inputs) as Record<string, any> }));
}

export const settings = {
  image: 'registry.example.com/taskwell:0.1.0',
  allowedCidrs: ['198.51.100.0/24'],
  databasePassword: pulumi.secret('secret-of-mysql'),
  transportPassword: pulumi.secret('secret-of-rabbitmq'),
  adminPassword: pulumi.secret('secret-of-admin'),
  certificateArn: 'arn:aws:acm:certificate',
  smtpUrl: pulumi.secret('smtps://user:secret-of-smtp@mail.example.com'),
};

export const of = (resources: readonly Resource[], type: string) =>
  resources
    .filter((one) => one.type.endsWith(`:${type}`))
    .map(({ name, inputs }) => ({ ...inputs, name }) as Record<string, any>);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('value' in value && Object.keys(value).some((key) => key.length === 32)) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
