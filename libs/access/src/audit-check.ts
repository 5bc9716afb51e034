import { NO_HASH, hashOf, type AuditLine } from './audit.js';

type Place = Pick<AuditLine, 'seq' | 'hash'>;

/** Looks at the lines of an audit, oldest first, and remembers the first thing that is wrong with them. */
export class AuditCheck {
  /** Null as long as nothing is wrong. */
  problem: string | null = null;
  private last: Place = { seq: 0, hash: NO_HASH };
  private keptHash: string | null = null;

  /** @param kept a line as it was seen before, which must be there still. */
  constructor(private readonly kept?: Place) {}

  add(line: AuditLine): void {
    if (line.seq !== this.last.seq + 1) this.object(`Line ${this.last.seq + 1} is missing.`);
    else if (line.hash !== hashOf(this.last.hash, line)) this.object(`Line ${line.seq} was changed, or one before it.`);
    this.last = { seq: line.seq, hash: line.hash };
    if (line.seq === this.kept?.seq) this.keptHash = line.hash;
  }

  /** What the database says is the last line; others may have been added since. */
  expect({ seq }: Place): void {
    if (this.last.seq < seq) this.object(`The lines after ${this.last.seq} are missing, up to ${seq}.`);
    if (this.kept && this.keptHash !== this.kept.hash) {
      this.object(`Line ${this.kept.seq} does not have the hash ${this.kept.hash}.`);
    }
  }

  /** For people. */
  verdict(): string {
    if (this.problem !== null) return `The audit is not as it was written. ${this.problem}`;
    return `The audit is as it was written: ${this.last.seq} lines. The last one is ${this.last.seq}:${this.last.hash}`;
  }

  private object(problem: string): void {
    this.problem ??= problem;
  }
}
