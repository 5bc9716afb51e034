import type { TaskView } from './client.js';

const BAR = 30;

/** Writes for people, or one JSON value a line for programs. What would steer a terminal is shown escaped. */
export class Output {
  private lineOpen = false;

  constructor(
    readonly json: boolean,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  /** A value for programs, or its text for people. */
  say(value: unknown, text: string): void {
    this.endLine();
    this.stream.write(`${this.json ? JSON.stringify(value) : harmless(text)}\n`);
  }

  table(value: { items: unknown[] }, rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const text = rows
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
    this.say(value, text);
  }

  /** A bar that moves on a terminal; elsewhere nothing until the end. */
  progress(task: TaskView): void {
    if (this.json || !this.stream.isTTY) return;
    this.stream.write(`\r\u001b[K${harmless(barOf(task))}`);
    this.lineOpen = true;
  }

  private endLine(): void {
    if (this.lineOpen) this.stream.write('\n');
    this.lineOpen = false;
  }
}

export function barOf({ status, progress }: TaskView): string {
  if (!progress) return status;
  const { current, total, message } = progress;
  const words = message ? ` ${message}` : '';
  if (!total) return `${status} ${current}${words}`;
  const share = Math.min(1, Math.max(0, current / total));
  const filled = Math.round(share * BAR);
  return `${status} [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(share * 100)} %${words}`;
}

export function taskText(task: TaskView): string {
  const lines = [`${task.task_id}  ${task.status}  ${task.type}  ${task.title}`];
  if (task.error) lines.push(`${task.error.kind}: ${task.error.message}`);
  if (task.status === 'COMPLETED') lines.push(JSON.stringify(task.result, null, 2));
  return lines.join('\n');
}

function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
