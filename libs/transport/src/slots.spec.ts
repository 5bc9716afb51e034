import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';
import { Slots } from './slots.js';

function slotsOf(size: number) {
  const lanes = new Lanes<string>();
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const slots = new Slots(size, lanes, (item) => {
    started.push(item);
    return new Promise((end) => ends.set(item, end));
  });
  const end = async (item: string) => {
    ends.get(item)!();
    await new Promise(setImmediate);
  };
  return { lanes, slots, started, end };
}

describe('Slots', () => {
  it('starts as many as there are slots', () => {
    const { lanes, slots, started } = slotsOf(2);
    for (const item of ['a', 'b', 'c']) lanes.push('normal', item);

    slots.fill();

    expect(started).toEqual(['a', 'b']);
    expect(slots.running).toBe(2);
  });

  it('gives a freed slot to the highest class', async () => {
    const { lanes, slots, started, end } = slotsOf(1);
    lanes.push('low', 'a');
    slots.fill();
    lanes.push('low', 'b');
    lanes.push('high', 'c');

    await end('a');

    expect(started).toEqual(['a', 'c']);
  });

  it('starts nothing after a pause', async () => {
    const { lanes, slots, started, end } = slotsOf(1);
    for (const item of ['a', 'b']) lanes.push('normal', item);
    slots.fill();

    slots.pause();
    await end('a');

    expect(started).toEqual(['a']);
    expect(lanes.size).toBe(1);
  });
});
