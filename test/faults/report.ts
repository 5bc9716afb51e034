import { MAX_GROWTH_BYTES } from './checker/processes.js';
import type { Problem } from './checker/problem.js';
import { NOT_SHOWN } from './not-shown.js';
import type { Result } from './run-scenario.js';

/** So many problems of one kind are shown; the rest is counted. */
const SHOWN = 5;

/** What a person reads about one run. */
export function resultLines({ scenario, findings, folder, seconds }: Result): string[] {
  const { submitted, accepted, lost, unexpected, duplicated, fenced, slowestMs, grownBytes, loopDelayMs, problems } = findings;
  const good = problems.length === 0;
  return [
    `${good ? 'PASS' : 'FAIL'} ${scenario.name}: ${scenario.title} (${seconds.toFixed(1)} s)`,
    `     ${submitted} submitted, ${accepted} accepted, ${lost} lost, ${unexpected} unexpected, ${duplicated} duplicated effects, ` +
      `${fenced} fenced, slowest recovery ${inSeconds(slowestMs)} of ${inSeconds(scenario.boundMs)}, ` +
      `memory +${megabytes(grownBytes)} of ${megabytes(MAX_GROWTH_BYTES)} MB, event loop p99 ${Math.round(loopDelayMs)} ms`,
    ...problemLines(problems).map((line) => `     ${line}`),
    ...(folder ? [`     evidence: ${folder}`] : []),
  ];
}

/** The problems by kind, the first ones of each in full. */
export function problemLines(problems: readonly Problem[]): string[] {
  return [...grouped(problems, ({ kind }) => kind)].flatMap(([kind, all]) => [
    ...all.slice(0, SHOWN).map(({ text }) => `${kind}: ${text}`),
    ...(all.length > SHOWN ? [`${kind}: and ${all.length - SHOWN} more`] : []),
  ]);
}

/** Where and how the figures were made. */
export interface Origin {
  command: string;
  seed: number;
  /** Names and versions of what took part. */
  versions: readonly string[];
  date: string;
}

/** What docs/verification.md says: one line a scenario, over all of its runs, and what no scenario shows. */
export function markdown(results: readonly Result[], { command, seed, versions, date }: Origin): string {
  const head = ['scenario', 'fault', 'what happens', 'runs', 'submitted', 'lost', 'unexpected', 'duplicated effects', 'fenced'];
  const rows = [...grouped(results, ({ scenario }) => scenario)].map(([scenario, runs]) => {
    const sum = (of: (result: Result) => number) => runs.reduce((total, result) => total + of(result), 0);
    const recoveries = runs.flatMap(({ findings }) => findings.slowestMs ?? []);
    const bad = runs.filter(({ findings }) => findings.problems.length > 0).length;
    return [
      scenario.name,
      scenario.faults.join(', '),
      scenario.title,
      runs.length,
      sum(({ findings }) => findings.submitted),
      sum(({ findings }) => findings.lost),
      sum(({ findings }) => findings.unexpected),
      sum(({ findings }) => findings.duplicated),
      sum(({ findings }) => findings.fenced),
      `${inSeconds(recoveries.length > 0 ? Math.max(...recoveries) : null)} of ${inSeconds(scenario.boundMs)}`,
      bad === 0 ? 'holds' : `fails in ${bad} of ${runs.length}`,
    ];
  });
  const table = [[...head, 'slowest recovery', 'verdict'], [...head, '', ''].map(() => '---'), ...rows];
  return [
    '# Verification',
    '',
    `Made by \`${command}\` on ${date}, seed ${seed}, with ${versions.join(', ')}. What the columns mean and how to run it: [test/faults/README.md](../test/faults/README.md).`,
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    '## Not shown',
    '',
    ...NOT_SHOWN.map(({ faults, what, why }) => `- ${faults.join(', ')}: ${what}. Reason: ${why}.`),
    '',
  ].join('\n');
}

function inSeconds(ms: number | null): string {
  return ms === null ? '–' : `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
