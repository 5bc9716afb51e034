import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { grant, mayKeepFiles, mayRead, roleFor } from './policies.js';

interface ServiceOptions {
  cluster: aws.ecs.Cluster;
  subnets: readonly aws.ec2.Subnet[];
  firewall: aws.ec2.SecurityGroup;
  image: string;
  port: number;
  cpu: number;
  memory: number;
  /** Fewest and most that run. */
  count: readonly [number, number];
  environment: Record<string, pulumi.Input<string>>;
  /** Setting to the secret that has its value. */
  secrets: Record<string, aws.secretsmanager.Secret>;
  files: aws.s3.Bucket;
  target?: aws.lb.TargetGroup;
  dependsOn?: pulumi.Resource[];
}

/** One of the two apps on Fargate: it may read its secrets and use the bucket, and nothing else of AWS. */
export function createService(name: 'api' | 'worker', options: ServiceOptions): void {
  const { cluster, firewall, port, count, target } = options;
  const service = new aws.ecs.Service(
    name,
    {
      cluster: cluster.arn,
      launchType: 'FARGATE',
      taskDefinition: taskDefinition(name, options).arn,
      desiredCount: count[0],
      networkConfiguration: {
        subnets: options.subnets.map(({ id }) => id),
        securityGroups: [firewall.id],
        assignPublicIp: false,
      },
      loadBalancers: target ? [{ targetGroupArn: target.arn, containerName: name, containerPort: port }] : [],
      healthCheckGracePeriodSeconds: target ? 60 : undefined,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    // How many run is decided by what scales them.
    { ignoreChanges: ['desiredCount'], dependsOn: options.dependsOn },
  );
  const scaled = new aws.appautoscaling.Target(name, {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
    minCapacity: count[0],
    maxCapacity: count[1],
  });
  new aws.appautoscaling.Policy(name, {
    policyType: 'TargetTrackingScaling',
    serviceNamespace: scaled.serviceNamespace,
    scalableDimension: scaled.scalableDimension,
    resourceId: scaled.resourceId,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      targetValue: 60,
      scaleInCooldown: 300,
      scaleOutCooldown: 60,
    },
  });
}

function taskDefinition(name: string, options: ServiceOptions): aws.ecs.TaskDefinition {
  const { image, port, cpu, memory, environment, secrets, files } = options;
  const logs = new aws.cloudwatch.LogGroup(name, { name: `/taskwell/${name}`, retentionInDays: 30 });
  const starts = roleFor(`${name}-starts`, 'ecs-tasks.amazonaws.com');
  grant(`${name}-starts`, starts, [
    mayRead(...Object.values(secrets)),
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [pulumi.interpolate`${logs.arn}:*`] },
  ]);
  const runs = roleFor(`${name}-runs`, 'ecs-tasks.amazonaws.com');
  grant(`${name}-runs`, runs, mayKeepFiles(files));

  const container = {
    name,
    image,
    essential: true,
    command: ['node', '--enable-source-maps', `dist/apps/${name}/src/main.js`],
    user: '1000:1000',
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: false },
    portMappings: [{ containerPort: port }],
    mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp' }],
    // Longer than SHUTDOWN_GRACE_SECONDS, so that a drain can end.
    stopTimeout: 90,
    environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
    secrets: Object.entries(secrets).map(([key, secret]) => ({ name: key, valueFrom: secret.arn })),
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logs.name, 'awslogs-region': aws.getRegionOutput().region, 'awslogs-stream-prefix': name },
    },
  };
  return new aws.ecs.TaskDefinition(name, {
    family: `taskwell-${name}`,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(cpu),
    memory: String(memory),
    executionRoleArn: starts.arn,
    taskRoleArn: runs.arn,
    ephemeralStorage: { sizeInGib: 40 },
    volumes: [{ name: 'tmp' }],
    containerDefinitions: pulumi.jsonStringify([container]),
  });
}
