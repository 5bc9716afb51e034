import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InvalidSettings, envKey, parseSettings } from './parse.js';
import { Settings } from './settings.js';

function mistakesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    parseSettings(env);
  } catch (error) {
    if (error instanceof InvalidSettings) return error.mistakes;
    throw error;
  }
  return [];
}

describe('parseSettings', () => {
  it('is embedded, and safe, when nothing is set', () => {
    expect(parseSettings({})).toEqual(new Settings());
    expect(parseSettings({}).host).toBe('127.0.0.1');
  });

  it('reads numbers as numbers', () => {
    expect(parseSettings({ PORT: '9000' }).port).toBe(9000);
  });

  it('takes an empty value for unset', () => {
    expect(parseSettings({ PORT: '', DATABASE_URL: '' })).toEqual(new Settings());
  });

  it('reports every mistake at once, by its key', () => {
    const mistakes = mistakesOf({ PORT: 'many', LOG_LEVEL: 'loud', LEASE_SECONDS: '0' });

    expect(mistakes).toHaveLength(3);
    expect(mistakes.map((mistake) => mistake.split(' ')[0]).sort()).toEqual(['LEASE_SECONDS', 'LOG_LEVEL', 'PORT']);
  });

  it.each(['1.5', '12abc', '-1', '70000', 'Infinity', '1e9'])('refuses the port %s', (port) => {
    expect(mistakesOf({ PORT: port })).toHaveLength(1);
  });

  it('never repeats a URL that may hold a password', () => {
    const text = mistakesOf({ DATABASE_URL: 'postgres://root:secret@host/db', TRANSPORT_URL: 'redis://:secret@host' }).join();

    expect(text).toContain('DATABASE_URL');
    expect(text).not.toContain('secret');
  });

  it('reads a secret from the file that its _FILE key names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'url');
    writeFileSync(file, 'mysql://u:p@db:3306/taskwell\n');

    expect(parseSettings({ DATABASE_URL_FILE: file }).databaseUrl).toBe('mysql://u:p@db:3306/taskwell');
    expect(mistakesOf({ DATABASE_URL_FILE: file, DATABASE_URL: 'sqlite:x' })).toHaveLength(1);
    expect(mistakesOf({ DATABASE_URL_FILE: '/does/not/exist' })[0]).toContain('DATABASE_URL_FILE cannot be read');
  });

  it.each(['file:data/files', 's3://bucket', 's3://my.bucket/some/folder'])('keeps files in %s', (url) => {
    expect(parseSettings({ FILES_URL: url }).filesUrl).toBe(url);
  });

  it.each(['data/files', 's3://', 's3://Bucket', 's3://bucket/a b', 's3:bucket', 'file:'])('keeps no files in %s', (url) => {
    expect(mistakesOf({ FILES_URL: url })[0]).toContain('FILES_URL must be file:FOLDER or s3://BUCKET/PREFIX');
  });

  it('puts a password of its own into the URL, as it is', () => {
    const { databaseUrl, transportUrl } = parseSettings({
      DATABASE_URL: 'mysql://taskwell@db:3306/taskwell?tls=system',
      DATABASE_PASSWORD: 'p@ss%20/:?#word',
      TRANSPORT_URL: 'amqps://taskwell@broker:5671',
      TRANSPORT_PASSWORD: 'ü&=',
    });

    expect(decodeURIComponent(new URL(databaseUrl).password)).toBe('p@ss%20/:?#word');
    expect(new URL(databaseUrl)).toMatchObject({ username: 'taskwell', host: 'db:3306', search: '?tls=system' });
    expect(decodeURIComponent(new URL(transportUrl).password)).toBe('ü&=');
  });

  it('refuses a password beside another, and one without a user', () => {
    const broker = { TRANSPORT_URL: 'amqp://broker', TRANSPORT_PASSWORD: 'secret' };
    const both = { DATABASE_URL: 'mysql://u:p@db/taskwell', DATABASE_PASSWORD: 'secret', ...broker };

    expect(mistakesOf(both)).toEqual([
      'DATABASE_URL has a password and DATABASE_PASSWORD is set; leave one out',
      'TRANSPORT_PASSWORD is set, so TRANSPORT_URL must have a user: mysql://USER@HOST, amqp://USER@HOST',
    ]);
  });

  it('refuses a broker without a shared database', () => {
    expect(mistakesOf({ TRANSPORT_URL: 'amqp://broker' })[0]).toContain('DATABASE_URL must then be a mysql:// URL');
  });

  it('refuses a lease in which the broker may not notice that a worker is silent', () => {
    const env = { TRANSPORT_URL: 'amqp://broker', DATABASE_URL: 'mysql://u@db/taskwell', AMQP_HEARTBEAT_SECONDS: '10' };

    expect(mistakesOf({ ...env, LEASE_SECONDS: '19' })[0]).toContain('must be at least twice AMQP_HEARTBEAT_SECONDS');
    expect(mistakesOf({ ...env, LEASE_SECONDS: '20' })).toEqual([]);
  });

  it.each(['after_claim', 'after_claim:0.05', 'after_claim#3', 'stop@before_settle#1', 'after_claim:1,mid_effect#2'])(
    'knows the fail points %s',
    (points) => {
      expect(parseSettings({ FAIL_POINTS: points }).failPoints).toBe(points);
    },
  );

  it.each(['claim', 'after_claim#0', 'after_claim:2', 'after_claim,', 'after_claim mid_effect', 'halt@after_claim'])(
    'refuses the fail points %s',
    (points) => {
      expect(mistakesOf({ FAIL_POINTS: points })[0]).toContain('FAIL_POINTS must be a list like');
    },
  );

  it('knows the seeded bugs', () => {
    expect(parseSettings({ SEEDED_BUGS: 'no_fencing,no_sweeper' }).seededBugs).toBe('no_fencing,no_sweeper');
    expect(mistakesOf({ SEEDED_BUGS: 'no_manners' })[0]).toContain('SEEDED_BUGS must be a list of no_fencing');
  });

  it.each([
    ['FAIL_POINTS', 'after_claim'],
    ['FAIL_SEED', '7'],
    ['SEEDED_BUGS', 'no_sweeper'],
    ['TEST_HANDLERS', '/handlers'],
  ])('refuses %s in production', (key, value) => {
    expect(mistakesOf({ [key]: value })).toEqual([]);
    expect(mistakesOf({ [key]: value, NODE_ENV: 'production' })).toEqual([
      `${key} is for tests only and must not be set when NODE_ENV is production`,
    ]);
  });
});

describe('.env.example', () => {
  it('lists every setting with its default', () => {
    const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const listed = [...example.matchAll(/^# ?([A-Z0-9_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]);
    const defaults = Object.entries(new Settings()).map(([name, value]) => [envKey(name), String(value)]);

    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(defaults));
  });
});
