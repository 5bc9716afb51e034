import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Scenarios by name; all of them if empty. */
  names: string[];
  list: boolean;
  /** Only the selection for CI. */
  short: boolean;
  /** Hold the checker against the seeded bugs, instead of Taskwell against the faults. */
  seededBugs: boolean;
  /** How often each scenario is run. */
  runs: number;
  /** How often a scenario that fails is tried, with another seed each time, before it counts as failed. */
  tries: number;
  /** Every random choice comes from it; undefined for a new one. */
  seed?: number;
  /** How long the random scenario goes on. */
  minutes: number;
  /** For scenarios of a size: how many submissions, instead of their own number. */
  count?: number;
  /** File for the table. */
  markdown?: string;
}

export const USAGE = `npm run verify                                   every scenario
npm run verify -- broker-kill worker-kill-mid-effect   some, by name
npm run verify -- --list                               what there is
npm run verify -- --short                              the selection for CI
npm run verify -- random --minutes 30 --seed 7         faults at random
npm run verify -- --seeded-bugs                        whether the checker finds the bugs that are built in for it
Options: --runs N (each so often), --tries N (what fails so often, for crowded machines), --seed N, --count N (submissions of a scenario that floods), --markdown FILE (writes the table)`;

/** @throws Error for anything that is not understood. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      'seeded-bugs': { type: 'boolean', default: false },
      runs: { type: 'string', default: '1' },
      tries: { type: 'string', default: '1' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      count: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  return {
    names: positionals,
    list: values.list,
    short: values.short,
    seededBugs: values['seeded-bugs'],
    runs: number('--runs', values.runs, 1),
    tries: number('--tries', values.tries, 1),
    seed: values.seed === undefined ? undefined : number('--seed', values.seed, 0),
    minutes: number('--minutes', values.minutes, 0),
    count: values.count === undefined ? undefined : number('--count', values.count, 1),
    markdown: values.markdown,
  };
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least) {
    throw new Error(`${name} must be a number of at least ${least}, but is "${text}".`);
  }
  return value;
}
