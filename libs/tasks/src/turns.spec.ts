import { describe, expect, it } from '@jest/globals';
import { NoTurn, Turns } from './turns.js';

const LONG_MS = 10_000;

describe('Turns', () => {
  it('lets as many go at once as it is large', () => {
    const turns = new Turns(2);

    expect([turns.takeFree(), turns.takeFree(), turns.takeFree()]).toEqual([true, true, false]);
  });

  it('gives a turn that comes back to who waits longest', async () => {
    const turns = new Turns(1);
    const order: string[] = [];
    turns.takeFree();
    const first = turns.wait(LONG_MS).then(() => order.push('first'));
    const second = turns.wait(LONG_MS).then(() => order.push('second'));
    turns.giveBack();
    await first;
    turns.giveBack();
    await second;

    expect(order).toEqual(['first', 'second']);
  });

  it('sends away who waited long enough, and gives that turn to nobody', async () => {
    const turns = new Turns(1);
    turns.takeFree();
    await expect(turns.wait(1)).rejects.toThrow(NoTurn);
    turns.giveBack();

    expect(turns.takeFree()).toBe(true);
  });

  it('can send everybody in line away', async () => {
    const turns = new Turns(1);
    turns.takeFree();
    const waiting = turns.wait(LONG_MS);
    turns.dismiss();

    await expect(waiting).rejects.toThrow(NoTurn);
    expect(turns.waiting).toBe(0);
  });
});
