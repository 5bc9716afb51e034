import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';

const subnetIds = (subnets: readonly aws.ec2.Subnet[]) => subnets.map(({ id }) => id);

/** RDS for MySQL in two zones: encrypted, by TLS only, with two weeks of backups to any second of them. */
export function createDatabase(
  subnets: readonly aws.ec2.Subnet[],
  firewall: aws.ec2.SecurityGroup,
  password: pulumi.Input<string>,
): aws.rds.Instance {
  const parameters = new aws.rds.ParameterGroup('taskwell', {
    family: 'mysql8.4',
    parameters: [
      { name: 'require_secure_transport', value: '1' },
      { name: 'innodb_flush_log_at_trx_commit', value: '1' },
    ],
  });
  return new aws.rds.Instance(
    'taskwell',
    {
      engine: 'mysql',
      engineVersion: '8.4',
      instanceClass: 'db.m7g.large',
      allocatedStorage: 100,
      maxAllocatedStorage: 1000,
      storageType: 'gp3',
      storageEncrypted: true,
      dbName: 'taskwell',
      username: 'taskwell',
      password,
      dbSubnetGroupName: new aws.rds.SubnetGroup('taskwell', { subnetIds: subnetIds(subnets) }).name,
      vpcSecurityGroupIds: [firewall.id],
      publiclyAccessible: false,
      multiAz: true,
      parameterGroupName: parameters.name,
      backupRetentionPeriod: 14,
      backupWindow: '02:00-03:00',
      copyTagsToSnapshot: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: 'taskwell-final',
      performanceInsightsEnabled: true,
      enabledCloudwatchLogsExports: ['error', 'slowquery'],
      autoMinorVersionUpgrade: true,
    },
    { protect: true },
  );
}

/** Amazon MQ for RabbitMQ, three nodes in three zones. It keeps nothing that the rows do not have. */
export function createBroker(
  subnets: readonly aws.ec2.Subnet[],
  firewall: aws.ec2.SecurityGroup,
  password: pulumi.Input<string>,
): aws.mq.Broker {
  return new aws.mq.Broker('taskwell', {
    brokerName: 'taskwell',
    engineType: 'RabbitMQ',
    engineVersion: '4.2',
    hostInstanceType: 'mq.m7g.large',
    deploymentMode: 'CLUSTER_MULTI_AZ',
    subnetIds: subnetIds(subnets),
    securityGroups: [firewall.id],
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    users: [{ username: 'taskwell', password }],
    logs: { general: true },
  });
}
