import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as pulumi from '@pulumi/pulumi';
import './stacks.js';

const { readSettings } = await import('../src/settings.js');
const good = {
  image: 'taskwell:0.1.0',
  allowedCidrs: '["192.0.2.0/24"]',
  databasePassword: 'x',
  transportPassword: 'y',
  adminPassword: 'z',
};

function read(values: Record<string, string>) {
  for (const [key, value] of Object.entries(values)) pulumi.runtime.setConfig(`taskwell:${key}`, value);
  return readSettings();
}

test('a small stack needs an image, passwords and who may come in', () => {
  const { size, allowedCidrs } = read({ ...good, size: 'small' });

  assert.deepEqual([size, allowedCidrs], ['small', ['192.0.2.0/24']]);
});

for (const image of ['taskwell', 'taskwell:latest', 'registry:5000/taskwell']) {
  test(`refuses the image ${image}, which is another one tomorrow`, () => {
    assert.throws(() => read({ ...good, image, size: 'small' }), /must name a version or a digest/);
  });
}

test('refuses another size', () => assert.throws(() => read({ ...good, size: 'huge' }), /small or large/));

test('a large stack needs a certificate', () => assert.throws(() => read({ ...good, size: 'large' }), /certificateArn/));
