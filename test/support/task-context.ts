import type { LogLevel, TaskContext } from '@app/tasks';

/** A handler's context that remembers what the handler said. */
export interface RecordedContext extends TaskContext {
  readonly said: { progress: [current: number, total?: number | null, message?: string | null][]; lines: [string, LogLevel?][] };
}

/** The context of a handler that is run by itself; a test names only what it is about. */
export function taskContext(differences: Partial<TaskContext> = {}): RecordedContext {
  const said: RecordedContext['said'] = { progress: [], lines: [] };
  return {
    taskId: '01a20037-0244-74e5-9509-c9d112a00245',
    attempt: 1,
    signal: new AbortController().signal,
    progress: (...words) => void said.progress.push(words),
    log: (...words) => void said.lines.push(words),
    said,
    ...differences,
  };
}
