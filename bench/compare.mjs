import { writeFileSync } from 'node:fs';
import { withDeployment } from './deployment.mjs';
import { chosen } from './benchmark.mjs';
import { machine } from './machine.mjs';
import { measureRound, MEASURES } from './measures/index.mjs';
import { report } from './report.mjs';
import { answers } from './servers.mjs';
import { SYSTEMS } from './systems/index.mjs';

/**
 * Measures the systems: round 1 of each, then round 2 of each, and so on, so that whatever else the machine does meets all of them.
 * Prints a table of medians, and one of ratios. `only` and `measure` are lists of names, separated by commas; `json` names a file
 * for the results of all rounds.
 *
 * @throws Error if a request fails, a system does not start, or a name is unknown.
 */
export async function compare({ rounds, only, measure, json, ...size }) {
  const measures = chosen(measure, MEASURES);
  const systems = await present(only);
  const results = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [name, system] of systems) {
      const result = await withDeployment(system, async (deployment) => ({
        ...{ name, title: system.title, round, durability: deployment.durability },
        ...(await measureRound(deployment, measures, size)),
      }));
      results.push(result);
      console.error(`round ${round}, ${name}: ${summary(result)}`);
    }
  }
  if (json) writeFileSync(json, JSON.stringify(results, null, 1));
  console.log(`\n${machine()}\nMedians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}. Times in ms.\n\n${report(results)}`);
}

/** The chosen systems, without those whose servers do not answer, unless they were asked for by name. */
async function present(only) {
  const found = [];
  for (const [name, system] of chosen(only, SYSTEMS)) {
    const missing = [];
    for (const url of system.servers) if (!(await answers(url))) missing.push(new URL(url).host);
    if (missing.length === 0) found.push([name, system]);
    else if (only) throw new Error(`${name} needs a server that does not answer: ${missing.join(', ')}.`);
    else console.error(`Left out: ${name}, because nothing answers on ${missing.join(' and ')}.`);
  }
  return found;
}

function summary({ accept, working, drain, latency }) {
  const parts = [
    accept && `accept ${Math.round(accept.rate)}/s`,
    working && `while working ${Math.round(working.rate)}/s`,
    drain && `drain ${Math.round(drain)}/s`,
    latency && `latency p50 ${latency.p50.toFixed(1)} ms`,
  ];
  return parts.filter(Boolean).join(', ');
}
