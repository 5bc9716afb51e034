import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Batcher } from './batcher.js';

/** A batch function that keeps what it was given and answers when told. */
function gate() {
  const batches: number[][] = [];
  const releases: (() => void)[] = [];
  const run = async (items: number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => releases.push(resolve));
    return items.map((item) => item * 10);
  };
  const release = async () => {
    while (releases.length === 0) await new Promise((resolve) => setImmediate(resolve));
    releases.shift()!();
  };
  return { batches, run, release };
}

describe('Batcher', () => {
  it('puts calls of one moment into one batch, and gives each its own result', async () => {
    const { batches, run, release } = gate();
    const batcher = new Batcher(run, { maxItems: 10 });
    const calls = [1, 2, 3].map((item) => batcher.add(item));
    await release();

    expect(await Promise.all(calls)).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers what comes while a batch is under way', async () => {
    const { batches, run, release } = gate();
    const batcher = new Batcher(run, { maxItems: 10 });
    const first = batcher.add(1);
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const rest = [batcher.add(2), batcher.add(3)];
    await release();
    await release();
    await Promise.all([first, ...rest]);

    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('keeps to the limits of count and weight, but takes a heavy item alone', async () => {
    const batches: number[][] = [];
    const run = async (items: number[]) => {
      batches.push(items);
      return items;
    };
    const batcher = new Batcher(run, { maxItems: 3, maxWeight: 10, weigh: (item) => item });
    await Promise.all([99, 1, 1, 1, 1, 9, 1, 1].map((item) => batcher.add(item)));

    expect(batches).toEqual([[99], [1, 1, 1], [1, 9], [1, 1]]);
  });

  it('lets a bad item fail alone', async () => {
    const run = async (items: number[]) => {
      if (items.includes(2)) throw new Error('two is bad');
      return items;
    };
    const batcher = new Batcher(run, { maxItems: 10 });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails everybody who waits at once when the error is hopeless', async () => {
    let calls = 0;
    const run = async (): Promise<number[]> => {
      calls++;
      throw new Error('away');
    };
    const batcher = new Batcher<number, number>(run, { maxItems: 1, hopeless: () => true });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toBe(1);
  });

  describe('with a gap', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    const batcherOf = () => {
      const batches: number[][] = [];
      const batcher = new Batcher<number, void>(async (items) => (batches.push(items), []), { maxItems: 10, gapMs: () => 50 });
      return { batches, add: (...items: number[]) => items.forEach((item) => void batcher.add(item)) };
    };

    it('starts a call without company at once, again and again', async () => {
      const { batches, add } = batcherOf();
      for (const item of [1, 2, 3]) {
        add(item);
        await jest.advanceTimersByTimeAsync(1);
      }

      expect(batches).toEqual([[1], [2], [3]]);
    });

    it('gathers for the length of the gap while calls keep coming together', async () => {
      const { batches, add } = batcherOf();
      add(1, 2, 3, 4);
      await jest.advanceTimersByTimeAsync(1);
      add(5);
      await jest.advanceTimersByTimeAsync(30);
      add(6);
      expect(batches).toEqual([[1, 2, 3, 4]]);
      await jest.advanceTimersByTimeAsync(30);

      expect(batches).toEqual([
        [1, 2, 3, 4],
        [5, 6],
      ]);
    });

    it('does not wait with a full batch', async () => {
      const { batches, add } = batcherOf();
      add(1, 2, 3, 4);
      await jest.advanceTimersByTimeAsync(1);
      add(...Array.from({ length: 10 }, (_, n) => n));
      await jest.advanceTimersByTimeAsync(1);

      expect(batches).toHaveLength(2);
    });
  });
});
