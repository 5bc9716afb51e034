import assert from 'node:assert/strict';
import { test } from 'node:test';
import { of, type Resource } from './stacks.js';

/** What holds of both stacks. */
export function describeEveryStack(resources: readonly Resource[], secrets: readonly string[]): void {
  test('passwords are in Secrets Manager and with the servers they are for, nowhere else', () => {
    const places = resources.filter(({ inputs }) => /secret-of-/.test(JSON.stringify(inputs)));
    const types = new Set(places.map(({ type }) => type.split(':').at(-1)!));

    assert.deepEqual(
      [...types].filter((type) => !['SecretVersion', 'Instance', 'Broker'].includes(type)),
      [],
    );
    assert.deepEqual(
      of(resources, 'Secret')
        .map(({ name }) => name)
        .sort(),
      [...secrets].sort(),
    );
    for (const { userData } of of(resources, 'Instance')) assert.doesNotMatch(String(userData), /secret-of-/);
  });

  test('nobody outside reaches a port but the clients that are named', () => {
    const open = of(resources, 'SecurityGroupIngressRule').filter(({ cidrIpv4 }) => cidrIpv4 !== undefined);

    assert.deepEqual(
      open.map(({ cidrIpv4 }) => cidrIpv4),
      ['198.51.100.0/24'],
    );
    for (const { ingress, egress } of of(resources, 'SecurityGroup')) assert.deepEqual([ingress, egress], [undefined, undefined]);
    assert.deepEqual(
      of(resources, 'DefaultSecurityGroup').map(({ ingress, egress }) => [ingress, egress]),
      [[[], []]],
    );
  });

  test('no role may do everything, or something everywhere', () => {
    const statements = of(resources, 'RolePolicy').flatMap(({ policy }) => JSON.parse(policy).Statement);

    assert.ok(statements.length > 2);
    for (const { Action, Resource } of statements) {
      for (const action of Action) assert.doesNotMatch(action, /\*/);
      for (const arn of Resource) assert.match(arn, /^arn:aws:.+/);
    }
  });

  test('the bucket is private, encrypted, by TLS only, keeps versions and cools down', () => {
    const [block] = of(resources, 'BucketPublicAccessBlock');
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } = block!;
    assert.deepEqual([blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets], [true, true, true, true]);
    assert.equal(of(resources, 'BucketVersioning')[0]!.versioningConfiguration.status, 'Enabled');
    assert.equal(of(resources, 'BucketServerSideEncryptionConfiguration').length, 1);
    assert.match(of(resources, 'BucketPolicy')[0]!.policy, /"Effect":"Deny".*"aws:SecureTransport":"false"/);
    assert.deepEqual(of(resources, 'BucketLifecycleConfiguration')[0]!.rules[0].transitions, [
      { days: 180, storageClass: 'GLACIER' },
    ]);
  });
}
