import { setTimeout as pause } from 'node:timers/promises';
import { InvalidSettings, parseSettings, type Settings } from '@app/config';
import { openMysqlStore, openSqliteStore } from '@app/persistence';
import type { Command } from '../command.js';
import { examine } from '../doctor/checks.js';
import type { Finding } from '../doctor/finding.js';
import { EXIT, Stop } from '../exit.js';

const MIGRATE_MS = 60_000;

export const doctor: Command = {
  usage: 'doctor',
  summary: 'Look at settings, database, broker, clock, files, disk and mail, and say what to do.',
  async run({ output, env }) {
    const findings = await findingsOf(env);
    for (const finding of findings) output.say(finding, textOf(finding));
    return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.unhealthy;
  },
};

export const migrate: Command = {
  usage: 'migrate',
  summary: 'Bring the schema of the database in DATABASE_URL up to date.',
  async run({ output, env }) {
    const settings = settingsOf(env);
    const store = settings.databaseUrl.startsWith('sqlite:') ? await openSqliteStore(settings) : openMysqlStore(settings);
    try {
      const deadline = performance.now() + MIGRATE_MS;
      for (;;) {
        const problem = await store.ping().then(
          () => undefined,
          (error: Error) => error,
        );
        if (!problem) break;
        if (performance.now() > deadline) throw new Stop(EXIT.unhealthy, problem.message);
        await pause(100);
      }
    } finally {
      await store.close();
    }
    output.say({ migrated: true }, 'The schema is up to date.');
    return EXIT.ok;
  },
};

async function findingsOf(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const settings = parseSettings(env);
    return [{ part: 'settings', ok: true, detail: 'all are right' }, ...(await examine(settings))];
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return error.mistakes.map((detail) => ({ part: 'settings', ok: false, detail, advice: 'See .env.example.' }));
  }
}

function settingsOf(env: NodeJS.ProcessEnv): Settings {
  try {
    return parseSettings(env);
  } catch (error) {
    throw new Stop(EXIT.usage, (error as Error).message);
  }
}

function textOf({ part, ok, detail, advice }: Finding): string {
  return `${ok ? 'ok  ' : 'BAD '} ${part.padEnd(9)} ${detail}${advice ? `\n               → ${advice}` : ''}`;
}
