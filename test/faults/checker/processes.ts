import type { Evidence, ProcessRecord } from '../evidence.js';
import { problem, type Problem } from './problem.js';
import { faultSpans } from './recovery.js';

export const MAX_GROWTH_BYTES = 64 * 1024 * 1024;
export const MAX_LOOP_DELAY_MS = 200;
/** Once it is ready, a process fills its caches and compiles its code for so long, unless the scenario says longer; what it needs by then is what growth is measured from. */
const WARM_UP_MS = 15_000;
/** Fewer looks make no 99th percentile. */
const ENOUGH_PROBES = 100;

/** No process ends by itself. */
export function exits({ processes }: Evidence): Problem[] {
  return processes.flatMap(({ name, pid, ending, expected }) =>
    ending && !expected
      ? [problem('exit', `${name} (pid ${pid}) ended by itself with ${ending.signal ?? `code ${ending.code}`}`)]
      : [],
  );
}

/**
 * How much the process that grew most has grown after its warm-up, or after the first fault if that came later: its most then less its
 * most before, in bytes.
 */
export function growth({ history, processes }: Evidence, warmUpMs = WARM_UP_MS): { bytes: number; name: string } {
  const faultAt = Math.min(...faultSpans(history).map(({ from }) => from));
  const grown = processes.map(({ name, startedAt, readyAt, rss }) => {
    const warmAt = (readyAt ?? startedAt) + warmUpMs;
    const from = Number.isFinite(faultAt) ? Math.max(faultAt, warmAt) : warmAt;
    const mostOf = (samples: typeof rss) => samples.reduce((most, { bytes }) => Math.max(most, bytes), 0);
    const before = mostOf(rss.filter(({ at }) => at <= from));
    const after = mostOf(rss.filter(({ at }) => at > from));
    return { name, bytes: before > 0 ? Math.max(0, after - before) : 0 };
  });
  return grown.reduce((worst, next) => (next.bytes > worst.bytes ? next : worst), { bytes: 0, name: '' });
}

/** The 99th percentile of the delay of the slowest event loop, in milliseconds. */
export function loopDelay({ processes }: Evidence): { ms: number; name: string } {
  return processes
    .filter(({ delays }) => delays.length >= ENOUGH_PROBES)
    .map(({ name, delays }) => ({ name, ms: percentile(delays, 0.99) }))
    .reduce((worst, next) => (next.ms > worst.ms ? next : worst), { ms: 0, name: '' });
}

function percentile(delays: ProcessRecord['delays'], share: number): number {
  const sorted = delays.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
}
