import type { ProblemKind } from './checker/problem.js';

/** A defect that is built in by SEEDED_BUGS, the scenario that must find it, and what it may find. */
export interface SeededBug {
  bug: string;
  scenario: string;
  finds: readonly ProblemKind[];
}

/** A checker counts only if it goes red on each of these. */
export const SEEDED_BUGS: readonly SeededBug[] = [
  { bug: 'no_fencing', scenario: 'worker-stopped-past-lease', finds: ['not fenced'] },
  { bug: 'no_sweeper', scenario: 'worker-kill-after-claim', finds: ['lost'] },
  { bug: 'ack_before_settle', scenario: 'worker-kill-before-claim', finds: ['too slow', 'lost'] },
  { bug: 'answer_before_commit', scenario: 'api-kill-before-confirm', finds: ['lost'] },
];
