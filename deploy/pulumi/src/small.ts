import { readFileSync } from 'node:fs';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { createBucket } from './bucket.js';
import { allow, allowOut, connect, group } from './firewall.js';
import { machineScript } from './machine-script.js';
import { createNetwork } from './network.js';
import { grant, mayKeepFiles, mayRead, roleFor } from './policies.js';
import { createSecret } from './secrets.js';
import type { StackSettings } from './settings.js';

const ANYWHERE = ['0.0.0.0/0'];
const top = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Two machines that run the Compose profiles: one with MySQL and RabbitMQ, one with the API and a worker. */
export function createSmallStack({ image, allowedCidrs, databasePassword, transportPassword, adminPassword }: StackSettings) {
  const { vpc, publicSubnets } = createNetwork({ zones: 1, privateSubnets: false });
  const files = createBucket();
  const secrets = {
    mysql_password: createSecret('mysql_password', databasePassword),
    rabbitmq_password: createSecret('rabbitmq_password', transportPassword),
  };

  const servers = group('servers', 'MySQL and RabbitMQ', vpc);
  const apps = group('apps', 'API and worker', vpc);
  connect('mysql', apps, servers, 3306);
  connect('rabbitmq', apps, servers, 5672);
  allow('api', allowedCidrs, apps, 8000);
  // Callbacks, http.fetch, mails and the packages of the system.
  allowOut('apps-web', apps, ANYWHERE, 80);
  allowOut('apps-tls', apps, ANYWHERE, 443);
  allowOut('apps-mail', apps, ANYWHERE, 587);
  allowOut('servers-web', servers, ANYWHERE, 80);
  allowOut('servers-tls', servers, ANYWHERE, 443);

  const compose = { 'docker-compose.yml': top('docker-compose.yml'), 'db/init.sql': top('db/init.sql') };
  const server = machine('servers', {
    instanceType: 't3a.small',
    subnet: publicSubnets[0]!,
    firewall: servers,
    secrets,
    script: {
      files: compose,
      environment: { COMPOSE_PROFILES: 'mysql,rabbitmq', MYSQL_PUBLISH: '0.0.0.0:3306', RABBITMQ_PUBLISH: '0.0.0.0:5672' },
    },
  });
  const app = machine('apps', {
    instanceType: 't3a.small',
    subnet: publicSubnets[0]!,
    firewall: apps,
    secrets: { ...secrets, admin_password: createSecret('admin_password', adminPassword) },
    script: {
      files: compose,
      environment: {
        COMPOSE_PROFILES: 'api,worker',
        TASKWELL_IMAGE: image,
        MYSQL_HOST: server.privateIp,
        RABBITMQ_HOST: server.privateIp,
        API_PUBLISH: '0.0.0.0:8000',
        // Compose opens some scopes to everybody, for a first look at home.
        ANONYMOUS_SCOPES: '',
        FILES_URL: pulumi.interpolate`s3://${files.bucket}`,
        S3_REGION: aws.getRegionOutput().region,
      },
    },
    more: mayKeepFiles(files),
  });
  backUpDaily();
  return { apiUrl: pulumi.interpolate`http://${app.publicIp}:8000`, bucket: files.bucket };
}

interface MachineOptions {
  instanceType: string;
  subnet: aws.ec2.Subnet;
  firewall: aws.ec2.SecurityGroup;
  secrets: Record<string, aws.secretsmanager.Secret>;
  script: Omit<Parameters<typeof machineScript>[0], 'secrets'>;
  more?: Parameters<typeof grant>[2];
}

/** A machine that fetches its secrets by its own role, and starts its part of the stack. People reach it by Session Manager only. */
function machine(name: string, { instanceType, subnet, firewall, secrets, script, more = [] }: MachineOptions): aws.ec2.Instance {
  const role = roleFor(name, 'ec2.amazonaws.com');
  grant(name, role, [mayRead(...Object.values(secrets)), ...more]);
  new aws.iam.RolePolicyAttachment(`${name}-sessions`, {
    role: role.name,
    policyArn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
  });
  const debian = aws.ssm.getParameterOutput({ name: '/aws/service/debian/release/13/latest/amd64' });
  return new aws.ec2.Instance(
    name,
    {
      ami: debian.value,
      instanceType,
      subnetId: subnet.id,
      vpcSecurityGroupIds: [firewall.id],
      associatePublicIpAddress: true,
      iamInstanceProfile: new aws.iam.InstanceProfile(name, { role: role.name }).name,
      // Version 2 only. Two hops, because containers ask for the machine's role.
      metadataOptions: { httpTokens: 'required', httpEndpoint: 'enabled', httpPutResponseHopLimit: 2 },
      rootBlockDevice: { volumeType: 'gp3', volumeSize: 30, encrypted: true, deleteOnTermination: false },
      userData: pulumi.output(machineScript({ ...script, secrets: Object.keys(secrets) })),
      userDataReplaceOnChange: false,
      volumeTags: { Name: `taskwell-${name}`, backup: 'daily' },
      tags: { Name: `taskwell-${name}` },
    },
    // A newer Debian is for the next machine, not a reason to replace one that holds data.
    { ignoreChanges: ['ami'] },
  );
}

/** Snapshots of all volumes every night, for two weeks. */
function backUpDaily(): void {
  const role = roleFor('backups', 'dlm.amazonaws.com');
  new aws.iam.RolePolicyAttachment('backups', {
    role: role.name,
    policyArn: 'arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole',
  });
  new aws.dlm.LifecyclePolicy('backups', {
    description: 'Taskwell every night',
    executionRoleArn: role.arn,
    policyDetails: {
      resourceTypes: ['VOLUME'],
      targetTags: { backup: 'daily' },
      schedules: [{ name: 'nightly', createRule: { interval: 24, times: '02:30' }, retainRule: { count: 14 }, copyTags: true }],
    },
  });
}
