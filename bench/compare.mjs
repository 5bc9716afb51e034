import { writeFileSync } from 'node:fs';
import { machine } from './machine.mjs';
import { measureRound, MEASURES } from './measures/index.mjs';
import { report } from './report.mjs';
import { answers } from './servers.mjs';
import { SYSTEMS } from './systems/index.mjs';

/**
 * Measures the systems: round 1 of each, then round 2 of each, and so on, so that whatever else the machine does meets all of them.
 * Prints a table of medians, and one of ratios.
 *
 * @throws Error if a request fails, a system does not start, or `only` or `measures` names something unknown.
 */
export async function compare({ rounds, only, measures = Object.keys(MEASURES), json, ...size }) {
  known('measure', measures, MEASURES);
  const systems = await choose(only);
  const results = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [name, system] of systems) {
      const result = { name, title: system.title, round, ...(await inOneDeployment(system, measures, size)) };
      results.push(result);
      console.error(`round ${round}, ${name}: ${summary(result)}`);
    }
  }
  if (json) writeFileSync(json, JSON.stringify(results, null, 1));
  console.log(`\n${machine()}\nMedians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}. Times in ms.\n\n${report(results)}`);
}

async function choose(only) {
  if (only) known('system', only, SYSTEMS);
  const chosen = [];
  for (const [name, system] of Object.entries(SYSTEMS)) {
    if (only && !only.includes(name)) continue;
    const missing = [];
    for (const url of system.servers) if (!(await answers(url))) missing.push(new URL(url).host);
    if (missing.length === 0) chosen.push([name, system]);
    else if (only) throw new Error(`${name} needs a server that does not answer: ${missing.join(', ')}.`);
    else console.error(`Left out: ${name}, because nothing answers on ${missing.join(' and ')}.`);
  }
  return chosen;
}

async function inOneDeployment(system, measures, size) {
  const deployment = await system.open();
  const interrupted = () => void deployment.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return { durability: deployment.durability, ...(await measureRound(deployment, measures, size)) };
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await deployment.close();
  }
}

function known(what, names, all) {
  const unknown = names.filter((name) => !(name in all));
  if (unknown.length > 0)
    throw new Error(`No ${what} is called ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}.`);
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
