import type { Transition } from '@app/tasks';

/** Completions of different tasks, which is what busy workers send nearly always. */
export function areCompletions(transitions: readonly Transition[]): boolean {
  return (
    transitions.every(({ set, recordAttempt }) => set.status === 'COMPLETED' && !recordAttempt) &&
    new Set(transitions.map(({ taskId }) => taskId)).size === transitions.length
  );
}
