import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../support/random.js';
import type { Scope } from '../support/scope.js';
import type { Env } from '../support/processes.js';
import { check, type Findings } from './checker/check.js';
import { problem } from './checker/problem.js';
import type { Evidence } from './evidence.js';
import type { Scenario } from './scenario.js';
import { Stage } from './stage.js';

/** One run of one scenario. */
export interface Result {
  scenario: Scenario;
  findings: Findings;
  /** Where its history and its processes' output are; undefined if it was good and they were removed. */
  folder?: string;
  seconds: number;
}

export interface RunOptions {
  /** What the run begins ends with it, at the latest when the run does. */
  scope: Scope;
  seed: number;
  /** For scenarios that last as long as they are told. */
  minutes: number;
  /** For scenarios of a size: how many submissions, instead of their own number. */
  count?: number;
  /** They choose the smaller of their own numbers. */
  short?: boolean;
  /** For every process, on top of what the scenario says. */
  env?: Env;
}

/** Runs a scenario once and has it judged. Never throws: what goes wrong is in the findings. */
export async function runScenario(scenario: Scenario, { seed, env, ...options }: RunOptions): Promise<Result> {
  const { scope } = options;
  const begunAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `taskwell-verify-${scenario.name}-`));
  const mishaps: string[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      mishaps.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const stage = await Stage.open({ ...options, scenario, folder, random: Random.from(seed, scenario.name), env });
  await attempt('the scenario broke off', () => scenario.run(stage));
  await attempt('settling broke off', () => stage.settle());
  const evidence = (await attempt('gathering the evidence broke off', () => stage.evidence())) ?? NOTHING;
  await keepOutputs(stage, folder);
  await writeFile(join(folder, 'processes.json'), JSON.stringify(evidence.processes));
  await attempt('clearing up broke off', () => scope.end());
  const findings = check(evidence, scenario);
  findings.problems.unshift(...mishaps.map((text) => problem('claim', text)));
  const good = findings.problems.length === 0;
  if (good) await rm(folder, { recursive: true, force: true });
  return { scenario, findings, folder: good ? undefined : folder, seconds: (performance.now() - begunAt) / 1000 };
}

const NOTHING: Evidence = { history: [], looks: [], rows: [], attempts: [], calls: [], processes: [], recovered: [], broken: [] };

async function keepOutputs(stage: Stage, folder: string): Promise<void> {
  await writeFile(join(folder, 'processes.json'), JSON.stringify(stage.records));
  for (const { pid, name, output } of stage.outputs) await writeFile(join(folder, `${name}-${pid}.log`), output);
}
