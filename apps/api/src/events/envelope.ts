import { positionText, type Failure, type FeedEvent, type Told } from '@app/tasks';

/** One event as clients get it, over SSE and WebSocket alike. */
export interface Envelope {
  /** Where to go on after it; null for what has no place, such as progress. */
  id: string | null;
  event: 'status' | 'progress' | 'log' | 'reset';
  /** Null where it is about no single task. */
  task_id: string | null;
  at: string;
  data: object;
}

/** What a follower of one task was told, as an event. */
export function taskEnvelope(taskId: string, told: Told): Envelope {
  if (told.event === 'progress') {
    const { progress, updatedAt, attempt } = told.state;
    return { id: null, event: 'progress', task_id: taskId, at: updatedAt.toISOString(), data: { attempt, progress } };
  }
  const envelope = { id: positionText(told.position), task_id: taskId, at: told.at.toISOString() };
  if (told.event === 'log') {
    const { attempt, line, level, message } = told.line;
    return { ...envelope, event: 'log', data: { attempt, line, level, message } };
  }
  const { status, attempt, error, runAt } = told;
  return {
    ...envelope,
    event: 'status',
    data: { status, attempt, error: failureView(error), run_at: runAt?.toISOString() ?? null },
  };
}

/** What happened to some task, as an event. */
export function feedEnvelope({ id, at, state, status, attempt }: FeedEvent): Envelope {
  const { type, title, progress, error } = state;
  const envelope = { id, task_id: state.id, at: at.toISOString() };
  if (status === undefined) return { ...envelope, event: 'progress', data: { type, title, attempt, progress } };
  const shown = attempt === state.attempt && status !== 'PROCESSING' && status !== 'COMPLETED' ? error : null;
  return { ...envelope, event: 'status', data: { type, title, status, attempt, error: failureView(shown) } };
}

/** Says that something may have been missed: what is shown must be read anew. */
export function resetEnvelope(id: string | null, taskId: string | null): Envelope {
  return { id, event: 'reset', task_id: taskId, at: new Date().toISOString(), data: {} };
}

function failureView(failure: Failure | null | undefined): Failure | null {
  return failure ? { kind: failure.kind, message: failure.message, attempt: failure.attempt } : null;
}
