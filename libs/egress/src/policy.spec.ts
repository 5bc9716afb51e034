import { describe, expect, it } from '@jest/globals';
import { ALLOWED, PRIVATE_NAMES, REFUSED } from '../test/urls.js';
import { EgressPolicy } from './policy.js';

const policy = new EgressPolicy();

describe('EgressPolicy', () => {
  it.each(REFUSED)('refuses %j (%s)', (url) => {
    expect(policy.refusal(url)).toMatch(/^must /);
  });

  it.each(ALLOWED)('lets pass %j (%s)', (url) => {
    expect(policy.refusal(url)).toBeUndefined();
  });

  it('refuses names of this machine, and leaves other names to the connection', () => {
    const refused = PRIVATE_NAMES.filter(([url]) => policy.refusal(url) !== undefined).map(([url]) => url);

    expect(refused).toEqual(['http://localhost/', 'http://foo.localhost/']);
  });

  it.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '168.63.129.16',
    '198.18.9.10',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.5',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'fd00::1',
    'ff02::1',
    '100::1',
    '5f00::1',
    'x',
    '',
  ])('permits no connection to %s', (address) => {
    expect(policy.permits(address)).toBe(false);
  });

  it.each(['1.1.1.1', '172.15.255.255', '172.32.0.1', '::ffff:1.1.1.1', '2606:4700:4700::1111'])(
    'permits a connection to %s',
    (address) => {
      expect(policy.permits(address)).toBe(true);
    },
  );
});

describe('EgressPolicy with EGRESS_ALLOW', () => {
  const open = new EgressPolicy('Localhost, 10.0.0.0/8,fd00::/8 ,[::1],192.168.1.7');

  it.each([
    'http://localhost:5432/',
    'http://LOCALHOST/',
    'http://10.1.2.3:6379/',
    'http://[fd00::1]/',
    'http://[::1]/',
    'http://192.168.1.7/',
  ])('lets pass what is listed, on any port: %s', (url) => {
    expect(open.refusal(url)).toBeUndefined();
  });

  it.each([
    'http://foo.localhost/',
    'http://127.0.0.1/',
    'http://192.168.1.8/',
    'http://[fe80::1]/',
    'http://u@localhost/',
    'file://localhost/x',
  ])('opens nothing else: %s', (url) => {
    expect(open.refusal(url)).toMatch(/^must /);
  });

  it('permits connections to listed addresses, however they are written', () => {
    expect(open.permits('::ffff:10.0.0.5')).toBe(true);
    expect(open.permits('11.0.0.1')).toBe(true);
    expect(open.permits('127.0.0.1')).toBe(false);
  });

  it('is not made with a CIDR that is none', () => {
    expect(() => new EgressPolicy('10.0.0.0/33')).toThrow();
  });
});
