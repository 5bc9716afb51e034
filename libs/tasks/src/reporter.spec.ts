import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from './errors.js';
import { Reporter } from './reporter.js';
import type { Report, TaskStore } from './task-store.js';

const lease = { id: 'a', attempt: 1 };

/** What reaches the store; while it is away, nothing does. */
class Kept {
  readonly reports: Report[][] = [];
  away = false;

  async report(reports: readonly Report[]): Promise<void> {
    if (this.away) throw new StoreUnavailable('away');
    this.reports.push([...reports]);
  }

  /** The numbers of all lines that were kept. */
  lines(): number[] {
    return this.reports.flat().flatMap(({ lines }) => lines.map(({ line }) => line));
  }
}

let kept: Kept;
let reporter: Reporter;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'performance'] });
  kept = new Kept();
  reporter = new Reporter(kept as unknown as TaskStore);
});
afterEach(() => {
  jest.useRealTimers();
});

/** Lets a second pass, and what it set off come to its end. */
async function second(): Promise<void> {
  jest.advanceTimersByTime(1_000);
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}

describe('Reporter', () => {
  it('writes nothing for attempts that say nothing', async () => {
    const notes = reporter.notesOf(lease);
    await second();
    await reporter.lastWords(notes);

    expect(kept.reports).toEqual([]);
  });

  it('writes what all attempts said once a second, together, with the latest progress of each', async () => {
    const [one, other] = [reporter.notesOf(lease), reporter.notesOf({ id: 'b', attempt: 2 })];
    for (let current = 1; current <= 1_000; current++) one.setProgress(current, 1_000);
    other.addLine('hello', 'warn');
    await second();
    await second();

    expect(kept.reports).toEqual([
      [
        { lease, progress: '{"current":1000,"total":1000,"message":null}', lines: [] },
        {
          lease: { id: 'b', attempt: 2 },
          progress: undefined,
          lines: [{ line: 1, level: 'warn', message: 'hello', agoMs: expect.any(Number) }],
        },
      ],
    ]);
  });

  it('writes the last words of an attempt at once, and hears no more of it', async () => {
    const notes = reporter.notesOf(lease);
    notes.addLine('last', 'info');
    await reporter.lastWords(notes);
    notes.addLine('too late', 'info');
    notes.setProgress(1);
    await second();

    expect(kept.lines()).toEqual([1]);
    expect(kept.reports).toHaveLength(1);
  });

  it('keeps what the store could not take and writes it later', async () => {
    const notes = reporter.notesOf(lease);
    kept.away = true;
    notes.setProgress(1);
    notes.addLine('first', 'info');
    await second();
    notes.setProgress(2);
    notes.addLine('second', 'info');
    kept.away = false;
    await second();

    expect(kept.reports).toHaveLength(1);
    expect(kept.reports[0]![0]!.progress).toContain('"current":2');
    expect(kept.lines()).toEqual([1, 2]);
  });

  it('does not fail with the store when an attempt ends', async () => {
    const notes = reporter.notesOf(lease);
    kept.away = true;
    notes.addLine('lost', 'info');

    await expect(reporter.lastWords(notes)).resolves.toBeUndefined();
  });

  it('leaves out lines beyond the limit, and says how many', async () => {
    const notes = reporter.notesOf(lease);
    for (let line = 1; line <= 503; line++) notes.addLine(`line ${line}`, 'info');
    await reporter.lastWords(notes);

    expect(kept.lines()).toHaveLength(501);
    expect(kept.reports[0]![0]!.lines.at(-1)).toMatchObject({ level: 'warn', message: '3 further lines were left out.' });
  });

  it('holds no more than so much text, whatever the attempts say', async () => {
    kept.away = true;
    const all = Array.from({ length: 20 }, (_, index) => reporter.notesOf({ id: `t${index}`, attempt: 1 }));
    for (const notes of all) for (let line = 0; line < 500; line++) notes.addLine('x'.repeat(5_000), 'info');
    await second();
    kept.away = false;
    await second();

    const texts = kept.reports.flat().flatMap(({ lines }) => lines.map(({ message }) => message.length));
    expect(Math.max(...texts)).toBe(2_000);
    expect(texts.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('makes the best of odd values', async () => {
    const notes = reporter.notesOf(lease);
    notes.setProgress(NaN, Infinity, 'half \ud800');
    notes.addLine(undefined as unknown as string, 'info');
    await reporter.lastWords(notes);

    expect(kept.reports[0]![0]).toMatchObject({
      progress: '{"current":0,"total":null,"message":"half \ufffd"}',
      lines: [{ message: 'undefined' }],
    });
  });
});
