/** Longest time that a probe waits for a dependency. */
const DEADLINE_MS = 1_500;

export interface DependencyState {
  name: string;
  state: 'up' | 'down';
  /** How long it took to answer, or was waited for. */
  latency_ms: number;
}

/** Asks a dependency whether it answers; never rejects. */
export async function lookAt(name: string, ping: () => Promise<unknown>): Promise<DependencyState> {
  const startedAt = performance.now();
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => (deadline = setTimeout(resolve, DEADLINE_MS, 'down')));
  const answer = ping().then(
    () => 'up' as const,
    () => 'down' as const,
  );
  const state = await Promise.race([answer, late]);
  clearTimeout(deadline);
  return { name, state, latency_ms: Math.round((performance.now() - startedAt) * 10) / 10 };
}
