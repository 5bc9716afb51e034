import { describe, expect, it } from '@jest/globals';
import { NoTurn, Turns } from './turns.js';

const LONG_MS = 10_000;

describe('Turns', () => {
  it('lets as many go at once as it is large', async () => {
    const turns = new Turns(2);
    await turns.take(LONG_MS);
    expect(turns.free).toBe(true);
    await turns.take(LONG_MS);

    expect(turns.free).toBe(false);
  });

  it('gives a turn that comes back to who waits longest', async () => {
    const turns = new Turns(1);
    const order: string[] = [];
    await turns.take(LONG_MS);
    const first = turns.take(LONG_MS).then(() => order.push('first'));
    const second = turns.take(LONG_MS).then(() => order.push('second'));
    turns.giveBack();
    await first;
    turns.giveBack();
    await second;

    expect(order).toEqual(['first', 'second']);
  });

  it('sends away who waited long enough, and gives that turn to nobody', async () => {
    const turns = new Turns(1);
    await turns.take(LONG_MS);
    await expect(turns.take(1)).rejects.toThrow(NoTurn);
    turns.giveBack();

    expect(turns.free).toBe(true);
  });
});
