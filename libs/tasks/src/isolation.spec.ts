import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { companyFor, Isolation } from './isolation.js';

const LIMITS = { waitMs: 1_000, clearMs: 1_000, pauseMs: 1_000, closedMs: 1_000 };

/** Work that a test ends, and what is under way. */
function workshop() {
  const underWay = new Set<string>();
  const ends = new Map<string, () => void>();
  const work = (name: string) => async () => {
    underWay.add(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    underWay.delete(name);
    return name;
  };
  return { work, underWay: () => [...underWay], end: (name: string) => ends.get(name)!() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('companyFor', () => {
  const task = { attempt: 1, failures: 0, crashes: 0 };

  it.each([
    [0, 3, 'any'],
    [1, 3, 'few'],
    [2, 3, 'none'],
    [1, 2, 'none'],
    [0, 1, 'any'],
    [1, 100, 'any'],
    [98, 100, 'few'],
  ])('of a task with %d of %d crashes is %s', (crashes, maxCrashes, company) => {
    expect(companyFor({ ...task, crashes, attempt: crashes + 1 }, maxCrashes)).toBe(company);
  });

  it('is not waited for for ever on the last chance', () => {
    expect(companyFor({ attempt: 23, failures: 0, crashes: 2 }, 3)).toBe('few');
  });
});

describe('Isolation', () => {
  it('begins work that must be alone when everything else has ended, and keeps the rest waiting meanwhile', async () => {
    const { work, underWay, end } = workshop();
    const isolation = new Isolation(4, LIMITS);
    const before = isolation.within('any', work('before'));
    const alone = isolation.within('none', work('alone'));
    const after = isolation.within('any', work('after'));
    await turn();
    expect(underWay()).toEqual(['before']);

    end('before');
    await before;
    await turn();
    expect(underWay()).toEqual(['alone']);

    end('alone');
    expect(await alone).toBe('alone');
    await turn();
    expect(underWay()).toEqual(['after']);
    end('after');
    await after;
  });

  it('puts off work that must be alone when others take too long, and then keeps nobody waiting', async () => {
    const { work, underWay, end } = workshop();
    const isolation = new Isolation(4, { ...LIMITS, clearMs: 10 });
    const long = isolation.within('any', work('long'));

    expect(await isolation.within('none', work('alone'))).toBeUndefined();
    expect(await isolation.within('none', work('alone'))).toBeUndefined();
    const next = isolation.within('any', work('next'));
    await turn();
    expect(underWay()).toEqual(['long', 'next']);
    end('long');
    end('next');
    await Promise.all([long, next]);
  });

  it('lets others begin beside work that was alone for long', async () => {
    const { work, underWay, end } = workshop();
    const isolation = new Isolation(4, { ...LIMITS, closedMs: 10 });
    const alone = isolation.within('none', work('alone'));
    const other = isolation.within('any', work('other'));
    while (underWay().length < 2) await pause(1);

    end('alone');
    end('other');
    await Promise.all([alone, other]);
  });

  it('has one at a time of those that must be alone, and few of the others', async () => {
    const { work, underWay, end } = workshop();
    const isolation = new Isolation(4, LIMITS);
    const alone = ['a', 'b'].map((name) => isolation.within('none', work(name)));
    const few = ['c', 'd', 'e'].map((name) => isolation.within('few', work(name)));
    await turn();
    expect(underWay()).toEqual(['a']);
    end('a');
    await alone[0];
    await turn();
    expect(underWay()).toEqual(['b']);
    end('b');
    await alone[1];
    await turn();
    expect(underWay()).toEqual(['c', 'd']);

    end('c');
    await few[0];
    await turn();
    expect(underWay()).toEqual(['d', 'e']);
    for (const name of underWay()) end(name);
    await Promise.all(few);
  });

  it('sends away who waits for company when it ends', async () => {
    const { work, end } = workshop();
    const isolation = new Isolation(1, LIMITS);
    const first = isolation.within('few', work('first'));
    const second = isolation.within('few', work('second'));
    await turn();
    isolation.end();

    expect(await second).toBeUndefined();
    end('first');
    await first;
  });
});
