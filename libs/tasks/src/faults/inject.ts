import type { SeededBug, Settings } from '@app/config';
import { FailPlan, armFailPoints } from './fail-point.js';
import { seedBugs, type Parts } from './seeded-bugs.js';

/** Gives this process the faults that a test asked for in the settings; without any it does nothing. Before the app begins to work. */
export function injectFaults(settings: Settings, parts: Parts): void {
  if (settings.failPoints) armFailPoints(new FailPlan(settings.failPoints, settings.failSeed));
  if (settings.seededBugs) seedBugs(settings.seededBugs.split(',') as SeededBug[], parts);
}
