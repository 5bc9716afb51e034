#!/usr/bin/env node
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Logger } from '@nestjs/common';
import { Client } from './client.js';
import type { Command, Values } from './command.js';
import { doctor, migrate } from './commands/parts.js';
import * as tasks from './commands/tasks.js';
import { watch } from './commands/watch.js';
import { EXIT, Stop, usage } from './exit.js';
import { Output } from './output.js';

const { submit, get, list, logs, cancel, retry, stats } = tasks;
const COMMANDS: Record<string, Command> = { submit, get, list, watch, logs, cancel, retry, stats, doctor, migrate };

Logger.overrideLogger(false);
try {
  process.exitCode = await run(process.argv.slice(2), process.env);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Stop ? error.code : EXIT.unreachable;
}

async function run([name = 'help', ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (name === 'help' || name === '--help') return help();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : undefined;
  if (!command) throw usage(`There is no command ${JSON.stringify(name)}.`);
  const { values, positionals } = parsed(command, args);
  const output = new Output(values.json === true, process.stdout);
  return command.run({ client: new Client(env), output, words: positionals, values, env });
}

function parsed(command: Command, args: string[]): { values: Values; positionals: string[] } {
  try {
    const options: NonNullable<ParseArgsConfig['options']> = { json: { type: 'boolean' }, ...command.options };
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function help(): number {
  const lines = Object.values(COMMANDS).map((command) => `  ${command.usage}\n      ${command.summary}`);
  process.stdout.write(
    `taskwell COMMAND [--json]\n\n${lines.join('\n')}\n\nTASKWELL_URL and TASKWELL_API_KEY name the API. See docs/cli.md.\n`,
  );
  return EXIT.ok;
}
