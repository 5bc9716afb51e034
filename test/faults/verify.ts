// `npm run verify`: see README.md beside this file.
import { writeFile } from 'node:fs/promises';
import * as prettier from 'prettier';
import { Random } from '../support/random.js';
import type { Env } from '../support/processes.js';
import { Scope } from '../support/scope.js';
import { missingServers } from '../support/servers.mjs';
import { allScenarios, named } from './catalog.js';
import { USAGE, parseOptions, type Options } from './options.js';
import { markdown, problemLines, resultLines } from './report.js';
import { runScenario, type Result } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { SEEDED_BUGS } from './seeded-bugs.js';
import { versions } from './versions.js';

/** Between the seeds of two tries, so that they are not those of other runs. */
const SEEDS_APART = 1_000;

let scope = new Scope();
/** Under way once a signal has come; it ends the process. */
let interruption: Promise<void> | undefined;
const counts = { passed: 0, failed: 0 };

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`${signal}: ending what was started …`);
    interruption = scope.end().finally(() => process.exit(130));
  });
}

await main();

async function main(): Promise<void> {
  let options: Options;
  let scenarios: Scenario[];
  try {
    options = parseOptions(process.argv.slice(2));
    scenarios = selected(await allScenarios(), options);
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
  if (options.list) return list(scenarios);
  const { mysql, rabbitmq } = await missingServers();
  if (mysql ?? rabbitmq) {
    say(`The scenarios need MariaDB or MySQL and RabbitMQ: ${[mysql, rabbitmq].filter(Boolean).join('; ')}`);
    process.exit(1);
  }
  const seed = options.seed ?? Random.newSeed();
  say(`Seed ${seed}`);
  if (options.seededBugs) await holdAgainstBugs(scenarios, seed, options);
  else await verify(scenarios, seed, options);
  say(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed > 0 ? 1 : 0);
}

function selected(all: readonly Scenario[], { names, short, list: listing, seededBugs }: Options): Scenario[] {
  if (names.length > 0) return named(all, names);
  if (short) return all.filter((scenario) => scenario.short);
  return listing || seededBugs ? [...all] : all.filter(({ byNameOnly }) => !byNameOnly);
}

function list(scenarios: readonly Scenario[]): void {
  for (const { name, faults, title, short } of scenarios) {
    say(`${name.padEnd(30)} ${faults.join(', ').padEnd(8)} ${title}${short ? ' [short]' : ''}`);
  }
}

async function verify(scenarios: readonly Scenario[], seed: number, options: Options): Promise<void> {
  const results: Result[] = [];
  for (let run = 0; run < options.runs; run++) {
    for (const scenario of scenarios) {
      const result = await tried(scenario, seed + run, options);
      count(result.findings.problems.length === 0);
      results.push(result);
    }
  }
  if (!options.markdown) return;
  const command = ['npm run verify', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const origin = { command, seed, versions: await versions(), date: new Date().toISOString().slice(0, 10) };
  const style = await prettier.resolveConfig(options.markdown);
  await writeFile(options.markdown, await prettier.format(markdown(results, origin), { ...style, parser: 'markdown' }));
}

/** The first run that holds, or the last one. */
async function tried(scenario: Scenario, seed: number, options: Options): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const result = await once(scenario, seed + SEEDS_APART * (tries - 1), options);
    for (const line of resultLines(result)) say(line);
    if (result.findings.problems.length === 0 || tries >= options.tries) return result;
    say(`     tried again (${tries + 1} of ${options.tries})`);
  }
}

/** Passes for each seeded bug that the checker reports. */
async function holdAgainstBugs(scenarios: readonly Scenario[], seed: number, options: Options): Promise<void> {
  for (const { bug, scenario: name, finds } of SEEDED_BUGS) {
    const [scenario] = named(scenarios, [name]);
    const { findings, seconds } = await once(scenario!, seed, options, { SEEDED_BUGS: bug });
    const found = findings.problems.filter(({ kind }) => finds.includes(kind));
    say(`${found.length > 0 ? 'PASS' : 'FAIL'} ${bug} in ${name} (${seconds.toFixed(1)} s): the checker reports`);
    const lines = problemLines(found.length > 0 ? found : findings.problems);
    for (const line of lines.length > 0 ? lines : ['nothing']) say(`     ${line}`);
    count(found.length > 0);
  }
}

async function once(scenario: Scenario, seed: number, { minutes, count, short }: Options, env?: Env): Promise<Result> {
  scope = new Scope();
  const result = await runScenario(scenario, { scope, seed, minutes, count, short, env });
  await interruption;
  return result;
}

function count(good: boolean): void {
  counts[good ? 'passed' : 'failed']++;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
