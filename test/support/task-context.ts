import { createHash } from 'node:crypto';
import type { FileContent, LogLevel, TaskContext } from '@app/tasks';

/** A handler's context that remembers what the handler said and kept. */
export interface RecordedContext extends TaskContext {
  readonly kept: { name: string; bytes: Buffer; mediaType: string }[];
  readonly said: { progress: [current: number, total?: number | null, message?: string | null][]; lines: [string, LogLevel?][] };
}

/** The context of a handler that is run by itself; a test names only what it is about. */
export function taskContext(differences: Partial<TaskContext> = {}): RecordedContext {
  const kept: RecordedContext['kept'] = [];
  const said: RecordedContext['said'] = { progress: [], lines: [] };
  return {
    taskId: '01a20037-0244-74e5-9509-c9d112a00245',
    attempt: 1,
    signal: new AbortController().signal,
    progress: (...words) => void said.progress.push(words),
    log: (...words) => void said.lines.push(words),
    files: {
      async write(name, content, mediaType) {
        const bytes = await bytesOf(content);
        kept.push({ name, bytes, mediaType });
        return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      },
    },
    kept,
    said,
    ...differences,
  };
}

async function bytesOf(content: FileContent): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
