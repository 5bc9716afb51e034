import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Settings } from './settings.js';

/** The environment does not make sense. The message lists every mistake, one a line. */
export class InvalidSettings extends Error {
  override name = 'InvalidSettings';
  constructor(readonly mistakes: readonly string[]) {
    super(`The settings are wrong:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

/** The settings that hold secrets: each can be read from the file that `<KEY>_FILE` names. */
const FROM_FILE = [
  'databaseUrl',
  'databasePassword',
  'transportUrl',
  'transportPassword',
  'smtpUrl',
  'callbackSecret',
  'metricsToken',
  'adminPassword',
] as const satisfies readonly (keyof Settings)[];

/** The settings that only tests may set. */
const TEST_ONLY = ['failPoints', 'failSeed', 'seededBugs', 'testHandlers'] as const satisfies readonly (keyof Settings)[];

/**
 * Reads the settings from an environment. An empty value counts as unset.
 *
 * @throws InvalidSettings with every mistake at once.
 */
export function parseSettings(env: NodeJS.ProcessEnv): Settings {
  const mistakes: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(new Settings())) {
    const value = env[envKey(name)];
    if (value !== undefined && value !== '') given[name] = value;
  }
  for (const name of FROM_FILE) readFromFile(env, name, given, mistakes);

  const settings = plainToInstance(Settings, given);
  for (const error of validateSync(settings)) {
    const why = Object.values(error.constraints ?? {}).map((text) => text.replaceAll(error.property, envKey(error.property)));
    const secret = (FROM_FILE as readonly string[]).includes(error.property);
    mistakes.push(`${why.join('; ')}${secret ? '' : ` (it is ${JSON.stringify(given[error.property])})`}`);
  }
  if (mistakes.length === 0) mistakes.push(...contradictions(settings));
  if (mistakes.length === 0) for (const part of ['database', 'transport'] as const) insertPassword(settings, part, mistakes);
  if (mistakes.length > 0) throw new InvalidSettings(mistakes);
  return settings;
}

/** `databaseUrl` → `DATABASE_URL`. */
export function envKey(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** True if this process is the whole of Taskwell: it takes requests and runs the tasks. */
export function isEmbedded(settings: Settings): boolean {
  return settings.transportUrl === 'embedded:';
}

/** True if nobody but this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readFromFile(env: NodeJS.ProcessEnv, name: string, given: Record<string, string>, mistakes: string[]): void {
  const key = `${envKey(name)}_FILE`;
  const path = env[key];
  if (!path) return;
  if (given[name] !== undefined) {
    mistakes.push(`${envKey(name)} and ${key} are both set; leave one out`);
    return;
  }
  try {
    given[name] = readFileSync(path, 'utf8').trim();
  } catch (error) {
    mistakes.push(`${key} cannot be read: ${(error as Error).message}`);
  }
}

function insertPassword(settings: Settings, part: 'database' | 'transport', mistakes: string[]): void {
  const password = settings[`${part}Password`];
  if (password === '') return;
  const [urlKey, passwordKey] = [envKey(`${part}Url`), envKey(`${part}Password`)];
  const text = settings[`${part}Url`];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.username) mistakes.push(`${passwordKey} is set, so ${urlKey} must have a user: mysql://USER@HOST, amqp://USER@HOST`);
  else if (url.password) mistakes.push(`${urlKey} has a password and ${passwordKey} is set; leave one out`);
  else {
    url.password = encodeURIComponent(password);
    settings[`${part}Url`] = url.href;
  }
}

function contradictions(settings: Settings): string[] {
  const found: string[] = [];
  const defaults = new Settings();
  for (const name of TEST_ONLY) {
    if (settings.nodeEnv === 'production' && settings[name] !== defaults[name]) {
      found.push(`${envKey(name)} is for tests only and must not be set when NODE_ENV is production`);
    }
  }
  if (settings.transportUrl.startsWith('amqp') && settings.databaseUrl.startsWith('sqlite:')) {
    found.push(
      'TRANSPORT_URL names a broker, so that several processes share the tasks: DATABASE_URL must then be a mysql:// URL',
    );
  }
  if (settings.leaseSeconds < 2 * settings.amqpHeartbeatSeconds && settings.transportUrl.startsWith('amqp')) {
    found.push(
      `LEASE_SECONDS (${settings.leaseSeconds}) must be at least twice AMQP_HEARTBEAT_SECONDS (${settings.amqpHeartbeatSeconds})`,
    );
  }
  if (settings.databaseTimeoutMs * 2 > settings.leaseSeconds * 1000) {
    found.push(
      `LEASE_SECONDS (${settings.leaseSeconds}) must be at least twice DATABASE_TIMEOUT_MS (${settings.databaseTimeoutMs} ms)`,
    );
  }
  return found;
}
