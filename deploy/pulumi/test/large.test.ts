import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { describeEveryStack } from './shared.js';
import { of, resourcesOf, settings } from './stacks.js';

const { createLargeStack } = await import('../src/large.js');
const resources = await resourcesOf(() => createLargeStack({ ...settings, size: 'large' }));
const containers = of(resources, 'TaskDefinition').map(({ containerDefinitions }) => JSON.parse(containerDefinitions)[0]);

describeEveryStack(resources, ['admin-password', 'database-password', 'smtp-url', 'transport-password']);

test('both apps run without root, capabilities or a root that can be written, and may drain', () => {
  assert.deepEqual(containers.map(({ name }) => name).sort(), ['api', 'worker']);
  for (const { user, readonlyRootFilesystem, linuxParameters, environment, stopTimeout, image } of containers) {
    const grace = environment.find(({ name }: { name: string }) => name === 'SHUTDOWN_GRACE_SECONDS').value;
    assert.equal(user, '1000:1000');
    assert.equal(readonlyRootFilesystem, true);
    assert.deepEqual(linuxParameters.capabilities.drop, ['ALL']);
    assert.ok(stopTimeout > Number(grace));
    assert.equal(image, settings.image);
  }
});

test('apps are told only settings that there are, and find their servers', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  for (const { environment, secrets } of containers) {
    for (const { name } of [...environment, ...secrets]) assert.match(example, new RegExp(`^# ${name}=`, 'm'));
    const values = Object.fromEntries(environment.map(({ name, value }: { name: string; value: string }) => [name, value]));
    assert.equal(values.DATABASE_URL, 'mysql://taskwell@db.example.com:3306/taskwell?tls=amazon-rds');
    assert.equal(values.TRANSPORT_URL, 'amqps://taskwell@b-1.mq.example.com:5671');
    assert.equal(values.FILES_URL, 's3://files');
  }
});

test('the database is encrypted, private, in two zones, backed up and hard to lose', () => {
  const [database] = of(resources, 'Instance');

  assert.equal(database!.storageEncrypted, true);
  assert.equal(database!.publiclyAccessible, false);
  assert.equal(database!.multiAz, true);
  assert.equal(database!.deletionProtection, true);
  assert.equal(database!.skipFinalSnapshot, false);
  assert.ok(database!.backupRetentionPeriod >= 7);
  assert.ok(
    of(resources, 'ParameterGroup')[0]!.parameters.some(({ name }: { name: string }) => name === 'require_secure_transport'),
  );
});

test('the broker is a private cluster', () => {
  const [broker] = of(resources, 'Broker');

  assert.equal(broker!.publiclyAccessible, false);
  assert.equal(broker!.deploymentMode, 'CLUSTER_MULTI_AZ');
});

test('services run in private subnets, behind TLS, and give a failed rollout back', () => {
  const [listener, ...others] = of(resources, 'Listener');
  assert.deepEqual([listener!.protocol, others], ['HTTPS', []]);
  for (const { networkConfiguration, deploymentCircuitBreaker, deploymentMinimumHealthyPercent } of of(resources, 'Service')) {
    assert.equal(networkConfiguration.assignPublicIp, false);
    for (const subnet of networkConfiguration.subnets) assert.match(subnet, /^private-/);
    assert.deepEqual(deploymentCircuitBreaker, { enable: true, rollback: true });
    assert.equal(deploymentMinimumHealthyPercent, 100);
  }
});

test('the inside is not shown outside', () => {
  const [rule] = of(resources, 'ListenerRule');

  assert.deepEqual(rule!.conditions[0].pathPattern.values, ['/metrics', '/readyz', '/livez']);
  assert.equal(rule!.actions[0].type, 'fixed-response');
});

test('only the API gets the password of the admin', () => {
  const holders = of(resources, 'TaskDefinition').filter(({ containerDefinitions }) =>
    JSON.parse(containerDefinitions)[0].secrets.some(({ name }: { name: string }) => name === 'ADMIN_PASSWORD'),
  );

  assert.deepEqual(
    holders.map(({ name }) => name),
    ['api'],
  );
});
