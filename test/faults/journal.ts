import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Scope } from '../support/scope.js';

/** An append-only log: every entry is a line of JSON in the file before anything else happens, and kept for the checker. */
export class Journal<Entry extends object> {
  readonly entries: Entry[] = [];
  private readonly file: number;
  private closed = false;

  /** The scope closes the file; what comes later is left out. */
  constructor(path: string, scope: Scope) {
    mkdirSync(dirname(path), { recursive: true });
    this.file = openSync(path, 'a');
    scope.onEnd(() => {
      this.closed = true;
      closeSync(this.file);
    });
  }

  add(entry: Entry): void {
    if (this.closed) return;
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
    this.entries.push(entry);
  }
}
