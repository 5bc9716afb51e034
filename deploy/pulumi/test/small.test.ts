import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { describeEveryStack } from './shared.js';
import { of, resourcesOf, settings } from './stacks.js';

const { createSmallStack } = await import('../src/small.js');
const resources = await resourcesOf(() => createSmallStack({ ...settings, size: 'small' }));
const machines = of(resources, 'Instance');

describeEveryStack(resources, ['admin_password', 'mysql_password', 'rabbitmq_password']);

test('two machines run all parts between them', () => {
  const profiles = machines.map(({ userData }) => /^COMPOSE_PROFILES=(.*)$/m.exec(userData)![1]);

  assert.deepEqual(profiles.sort(), ['api,worker', 'mysql,rabbitmq']);
});

test('machines ask for version 2 of the metadata, encrypt their disks, and are backed up', () => {
  for (const { metadataOptions, rootBlockDevice, volumeTags } of machines) {
    assert.equal(metadataOptions.httpTokens, 'required');
    assert.equal(rootBlockDevice.encrypted, true);
    assert.equal(rootBlockDevice.deleteOnTermination, false);
    assert.equal(volumeTags.backup, 'daily');
  }
  assert.deepEqual(of(resources, 'LifecyclePolicy')[0]!.policyDetails.targetTags, { backup: 'daily' });
});

test('the script of a machine sets only what the Compose file asks for, and fits', () => {
  const compose = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
  for (const { userData } of machines) {
    const env = /cat > \.env <<'EOF'\n(.*?)\nEOF/s.exec(userData)![1]!;
    for (const line of env.split('\n')) {
      const key = line.split('=')[0]!;
      assert.ok(key === 'COMPOSE_PROFILES' || compose.includes(`\${${key}`), `${key} is no variable of docker-compose.yml`);
    }
    assert.ok(Buffer.byteLength(userData) < 16_384, `${Buffer.byteLength(userData)} bytes`);
  }
});

test('the app finds its servers by address and keeps files in the bucket', () => {
  const script = machines.find(({ name }) => name === 'apps')!.userData;

  assert.match(script, /^MYSQL_HOST=10\.0\.0\.9$/m);
  assert.match(script, /^FILES_URL=s3:\/\/files$/m);
  assert.match(script, /^TASKWELL_IMAGE=registry\.example\.com\/taskwell:0\.1\.0$/m);
});

test('nothing is open, and only the machine of the API gets the password of the admin', () => {
  const scriptOf = (wanted: string) => machines.find(({ name }) => name === wanted)!.userData as string;

  assert.match(scriptOf('apps'), /^ANONYMOUS_SCOPES=$/m);
  assert.match(scriptOf('apps'), /^for name in mysql_password rabbitmq_password admin_password; do$/m);
  assert.match(scriptOf('servers'), /^for name in mysql_password rabbitmq_password; do$/m);
});
