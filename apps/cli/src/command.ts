import type { ParseArgsConfig } from 'node:util';
import type { Client } from './client.js';
import { usage } from './exit.js';
import type { Output } from './output.js';

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** What a command gets. */
export interface Invocation {
  client: Client;
  output: Output;
  /** The words after the command's name. */
  words: readonly string[];
  values: Values;
  env: NodeJS.ProcessEnv;
}

export interface Command {
  /** How it is called, without `taskwell`. */
  usage: string;
  summary: string;
  options?: NonNullable<ParseArgsConfig['options']>;
  /** Answers the exit code. @throws Stop */
  run(invocation: Invocation): Promise<number>;
}

/** The one word of a command that is about one task. @throws Stop */
export function idOf({ words }: Pick<Invocation, 'words'>): string {
  if (words.length !== 1) throw usage('The id of one task is needed.');
  return encodeURIComponent(words[0]!);
}
