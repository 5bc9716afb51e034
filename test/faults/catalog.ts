import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from './scenario.js';

const FOLDER = join(import.meta.dirname, 'scenarios');

/** Every scenario of the folder, by the number of its first fault: adding one is adding a file that exports it as default. */
export async function allScenarios(): Promise<Scenario[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));
  const modules = await Promise.all(
    files.map(async (file) => ({ file, ...((await import(pathToFileURL(join(FOLDER, file)).href)) as { default: Scenario }) })),
  );
  for (const { file, default: scenario } of modules) {
    if (file !== `${scenario.name}.ts`)
      throw new Error(`${file} holds the scenario "${scenario.name}"; they must be called alike.`);
  }
  return modules
    .map(({ default: scenario }) => scenario)
    .sort((a, b) => (a.faults[0] ?? Infinity) - (b.faults[0] ?? Infinity) || (a.name < b.name ? -1 : 1));
}

/** The scenarios of these names, in that order. @throws Error with the names that there are. */
export function named(scenarios: readonly Scenario[], names: readonly string[]): Scenario[] {
  return names.map((name) => {
    const found = scenarios.find((scenario) => scenario.name === name);
    if (!found) throw new Error(`There is no scenario "${name}". There are: ${scenarios.map((each) => each.name).join(', ')}.`);
    return found;
  });
}
