import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { createBucket } from './bucket.js';
import { allow, allowOut, connect, group } from './firewall.js';
import { createBroker, createDatabase } from './managed-servers.js';
import { createNetwork } from './network.js';
import { createSecret } from './secrets.js';
import { createService } from './service.js';
import type { StackSettings } from './settings.js';

const ANYWHERE = ['0.0.0.0/0'];

/** Fargate over three zones beside RDS for MySQL, Amazon MQ for RabbitMQ and S3. Only the load balancer has a public address. */
export function createLargeStack(settings: StackSettings) {
  const network = createNetwork({ zones: 3, privateSubnets: true });
  const { vpc, publicSubnets, privateSubnets } = network;
  const files = createBucket();

  const doors = group('doors', 'Load balancer', vpc);
  const api = group('api', 'API', vpc);
  const worker = group('worker', 'Workers', vpc);
  const mysql = group('mysql', 'RDS', vpc);
  const rabbitmq = group('rabbitmq', 'Amazon MQ', vpc);
  allow('clients', settings.allowedCidrs, doors, 443);
  connect('api', doors, api, 8000);
  for (const [name, app] of [
    ['api', api],
    ['worker', worker],
  ] as const) {
    connect(`${name}-mysql`, app, mysql, 3306);
    connect(`${name}-rabbitmq`, app, rabbitmq, 5671);
    allowOut(`${name}-tls`, app, ANYWHERE, 443);
  }
  // Callbacks and http.fetch go to any unprivileged port of the internet; mails to 465 and 587.
  allowOut('worker-web', worker, ANYWHERE, 80);
  allowOut('worker-mails', worker, ANYWHERE, 465);
  allowOut('worker-mail', worker, ANYWHERE, 587);
  allowOut('worker-high', worker, ANYWHERE, 1024, 65535);

  const database = createDatabase(privateSubnets, mysql, settings.databasePassword);
  const broker = createBroker(privateSubnets, rabbitmq, settings.transportPassword);
  const secrets = {
    DATABASE_PASSWORD: createSecret('database-password', settings.databasePassword),
    TRANSPORT_PASSWORD: createSecret('transport-password', settings.transportPassword),
    SMTP_URL: createSecret('smtp-url', settings.smtpUrl!),
  };
  const environment = {
    DATABASE_URL: pulumi.interpolate`mysql://taskwell@${database.endpoint}/taskwell?tls=amazon-rds`,
    TRANSPORT_URL: broker.instances.apply(([first]) => first!.endpoints![0]!.replace('amqps://', 'amqps://taskwell@')),
    FILES_URL: pulumi.interpolate`s3://${files.bucket}`,
    S3_REGION: aws.getRegionOutput().region,
    SHUTDOWN_GRACE_SECONDS: '60',
  };

  const balancer = new aws.lb.LoadBalancer('taskwell', {
    securityGroups: [doors.id],
    subnets: publicSubnets.map(({ id }) => id),
    // Longer than the longest wait of a request, and than the pauses between comments on an event stream.
    idleTimeout: 120,
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
  });
  const target = new aws.lb.TargetGroup('api', {
    vpcId: vpc.id,
    port: 8000,
    protocol: 'HTTP',
    targetType: 'ip',
    deregistrationDelay: 45,
    healthCheck: { path: '/readyz', interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 },
  });
  const listener = new aws.lb.Listener('tls', {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    certificateArn: settings.certificateArn,
    defaultActions: [{ type: 'forward', targetGroupArn: target.arn }],
  });
  new aws.lb.ListenerRule('inside-only', {
    listenerArn: listener.arn,
    priority: 1,
    conditions: [{ pathPattern: { values: ['/metrics', '/readyz', '/livez'] } }],
    actions: [{ type: 'fixed-response', fixedResponse: { statusCode: '404', contentType: 'text/plain' } }],
  });

  const cluster = new aws.ecs.Cluster('taskwell', { settings: [{ name: 'containerInsights', value: 'enabled' }] });
  const common = { cluster, subnets: privateSubnets, image: settings.image, environment, secrets, files };
  createService('api', {
    ...common,
    secrets: { ...secrets, ADMIN_PASSWORD: createSecret('admin-password', settings.adminPassword) },
    firewall: api,
    port: 8000,
    cpu: 512,
    memory: 1024,
    count: [2, 10],
    target,
    dependsOn: [listener],
  });
  createService('worker', { ...common, firewall: worker, port: 8001, cpu: 1024, memory: 2048, count: [2, 20] });
  return { apiUrl: pulumi.interpolate`https://${balancer.dnsName}`, bucket: files.bucket };
}
