import type { Evidence } from '../evidence.js';
import { duplicated, notFenced, type EffectTerms } from './effects.js';
import { MAX_GROWTH_BYTES, MAX_LOOP_DELAY_MS, exits, growth, loopDelay } from './processes.js';
import { problem, type Problem } from './problem.js';
import { recovery } from './recovery.js';
import { wentBack } from './statuses.js';
import { lost, outcomes, submissionsOf, unexpected } from './submissions.js';

/** By what a run is judged. */
export interface Terms extends EffectTerms {
  /** Longest time from the end of the last fault, or from the submission if that is later, to the end of a task. */
  boundMs: number;
  /** How long each process warms up before its growth is measured, if longer than usual. */
  warmUpMs?: number;
  /** The scenario blocks event loops on purpose. */
  blocksLoops?: boolean;
}

/** What the checker found in the evidence of one run. */
export interface Findings {
  submitted: number;
  accepted: number;
  lost: number;
  unexpected: number;
  duplicated: number;
  /** Outcomes of old attempts that were dropped, as they must be. */
  fenced: number;
  slowestMs: number | null;
  grownBytes: number;
  loopDelayMs: number;
  problems: Problem[];
}

/** Holds the evidence against the invariants. A run is good if there are no problems. */
export function check(evidence: Evidence, terms: Terms): Findings {
  const submissions = submissionsOf(evidence.history);
  const recovered = recovery(evidence, submissions, terms.boundMs);
  const grown = growth(evidence, terms.warmUpMs);
  const delay = loopDelay(evidence);
  const problems = [
    ...evidence.broken.map((text) => problem('claim', text)),
    ...lost(evidence, submissions),
    ...unexpected(evidence, submissions),
    ...outcomes(evidence, submissions),
    ...duplicated(evidence, terms),
    ...notFenced(evidence),
    ...wentBack(evidence),
    ...recovered.problems,
    ...exits(evidence),
  ];
  if (grown.bytes >= MAX_GROWTH_BYTES) problems.push(problem('memory', `${grown.name} grew by ${megabytes(grown.bytes)} MB`));
  if (delay.ms >= MAX_LOOP_DELAY_MS && !terms.blocksLoops) {
    problems.push(problem('event loop', `${delay.name} answered its probe after ${Math.round(delay.ms)} ms (p99)`));
  }
  const of = (kind: Problem['kind']) => problems.filter((found) => found.kind === kind).length;
  return {
    submitted: submissions.size,
    accepted: [...submissions.values()].filter(({ verdict }) => verdict === 'ok').length,
    lost: of('lost'),
    unexpected: of('unexpected'),
    duplicated: of('duplicated'),
    fenced: evidence.processes.reduce((sum, { fenced }) => sum + fenced, 0),
    slowestMs: recovered.slowestMs,
    grownBytes: grown.bytes,
    loopDelayMs: delay.ms,
    problems,
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
