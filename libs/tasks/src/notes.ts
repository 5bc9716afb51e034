import type { Lease, LogLevel, Progress } from './task.js';

/** Most lines of one attempt. */
const MAX_LINES = 500;
/** Longest line and longest message of a progress, in characters. */
const MAX_LINE = 2_000;
const MAX_PROGRESS_MESSAGE = 500;
/** Most characters that all attempts of a process may hold unwritten. */
const MAX_UNWRITTEN = 8 * 1024 * 1024;

/** A line that was said at `saidAt`, by `performance.now()`. */
interface SaidLine {
  line: number;
  level: LogLevel;
  message: string;
  saidAt: number;
}

/** What an attempt has said, on its way to the store. */
export interface Said {
  lease: Lease;
  progress?: Progress;
  lines: SaidLine[];
}

/** What one running attempt has said and nobody has written yet: its latest progress, and the lines of its log. */
export class Notes {
  private progress?: Progress;
  private lines: SaidLine[] = [];
  private count = 0;
  private leftOut = 0;
  private ended = false;

  /**
   * @param budget the characters that all notes of the process hold.
   * @param onNews called whenever there is something to write.
   */
  constructor(
    private readonly lease: Lease,
    private readonly budget: { characters: number },
    private readonly onNews: (notes: Notes) => void,
  ) {}

  /** Takes the place of what was said before. A number that is none counts as unknown. */
  setProgress(current: number, total?: number | null, message?: string | null): void {
    if (this.ended) return;
    this.progress = {
      current: Number.isFinite(current) ? current : 0,
      total: Number.isFinite(total) ? total! : null,
      message: message === undefined || message === null ? null : clipped(message, MAX_PROGRESS_MESSAGE),
    };
    this.onNews(this);
  }

  addLine(message: string, level: LogLevel): void {
    if (this.ended) return;
    const text = clipped(message, MAX_LINE);
    if (this.count === MAX_LINES || this.budget.characters + text.length > MAX_UNWRITTEN) this.leftOut++;
    else this.push(text, level);
    this.onNews(this);
  }

  /** Nothing more is said; says how many lines were left out. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.leftOut > 0)
      this.push(`${this.leftOut} further ${this.leftOut === 1 ? 'line was' : 'lines were'} left out.`, 'warn');
  }

  /** Hands over all that is unwritten. */
  take(): Said {
    const said: Said = { lease: this.lease, progress: this.progress, lines: this.lines };
    this.progress = undefined;
    this.lines = [];
    for (const { message } of said.lines) this.budget.characters -= message.length;
    return said;
  }

  /** Takes back what could not be written; a newer progress stands. */
  putBack({ progress, lines }: Said): void {
    if (this.ended) return;
    this.progress ??= progress;
    this.lines.unshift(...lines);
    for (const { message } of lines) this.budget.characters += message.length;
    this.onNews(this);
  }

  /** Forgets what is unwritten. */
  drop(): void {
    this.take();
  }

  private push(message: string, level: LogLevel): void {
    this.lines.push({ line: ++this.count, level, message, saidAt: performance.now() });
    this.budget.characters += message.length;
  }
}

function clipped(text: unknown, length: number): string {
  const whole = String(text);
  return (whole.length <= length ? whole : `${whole.slice(0, length - 1)}…`).toWellFormed();
}
