import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';
import { Slots, type Slot } from './slots.js';

function slotsOf(size: number) {
  const lanes = new Lanes<string>();
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const held = new Map<string, Slot>();
  const slots = new Slots(size, lanes, (item, slot) => {
    started.push(item);
    held.set(item, slot);
    return new Promise((end) => ends.set(item, end));
  });
  const end = async (item: string) => {
    ends.get(item)!();
    await new Promise(setImmediate);
  };
  return { lanes, slots, started, end, held };
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

  it('gives a slot away as soon as it is freed, and only once', async () => {
    const { lanes, slots, started, end, held } = slotsOf(1);
    for (const item of ['a', 'b', 'c']) lanes.push('normal', item);
    slots.fill();

    held.get('a')!.free();
    await end('a');

    expect(started).toEqual(['a', 'b']);
    expect(slots.running).toBe(1);
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

  it('has more slots where tasks are short, and no more than that where they are long', () => {
    const lanes = new Lanes<number>();
    const slots = new Slots(2, lanes, async (_, slot) => slot.free());
    const startedAt = performance.now();
    slots.pace(startedAt);
    for (let task = 0; task < 1_000; task++) lanes.push('normal', task);
    slots.fill();
    slots.pace(startedAt + 1_000);

    expect(slots.size).toBe(2 + 16);
    slots.pace(startedAt + 2_000);
    expect(slots.size).toBe(2);
  });
});
