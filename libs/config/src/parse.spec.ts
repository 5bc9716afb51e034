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

  it('refuses a broker without a shared database', () => {
    expect(mistakesOf({ TRANSPORT_URL: 'amqp://broker' })[0]).toContain('DATABASE_URL must then be a mysql:// URL');
  });

  it('refuses a lease that is shorter than the broker heartbeat', () => {
    const env = { TRANSPORT_URL: 'amqp://broker', DATABASE_URL: 'mysql://u@db/taskwell', AMQP_HEARTBEAT_SECONDS: '10' };

    expect(mistakesOf({ ...env, LEASE_SECONDS: '8' })[0]).toContain('must be longer than AMQP_HEARTBEAT_SECONDS');
    expect(mistakesOf({ ...env, LEASE_SECONDS: '11' })).toEqual([]);
  });
});

describe('.env.example', () => {
  it('lists every setting with its default', () => {
    const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const listed = [...example.matchAll(/^# ?([A-Z_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]);
    const defaults = Object.entries(new Settings()).map(([name, value]) => [envKey(name), String(value)]);

    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(defaults));
  });
});
