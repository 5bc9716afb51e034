import { describe, expect, it } from '@jest/globals';
import { HostCrowded, HostTurns } from './host-turns.js';

const never = new AbortController().signal;

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('HostTurns', () => {
  it('lets so many of a host go at once, the others in their order, and other hosts beside them', async () => {
    const turns = new HostTurns(2, 10);
    const begun: string[] = [];
    const gates = [gate(), gate(), gate()];
    const work = gates.map(({ opened }, index) =>
      turns.within('a', never, async () => {
        begun.push(`a${index}`);
        await opened;
      }),
    );
    await turns.within('b', never, async () => void begun.push('b'));

    expect(begun).toEqual(['a0', 'a1', 'b']);
    gates[1]!.open();
    await work[1];
    gates.forEach(({ open }) => open());
    await Promise.all(work);
    expect(begun).toEqual(['a0', 'a1', 'b', 'a2']);
  });

  it('sends away who finds the line full, and gives the turn back when work fails', async () => {
    const turns = new HostTurns(1, 1);
    const { opened, open } = gate();
    const failing = turns.within('a', never, () => opened.then(() => Promise.reject(new Error('boom'))));
    const next = turns.within('a', never, async () => 'next');

    await expect(turns.within('a', never, async () => 'too late')).rejects.toBeInstanceOf(HostCrowded);
    open();
    await expect(failing).rejects.toThrow('boom');
    expect(await next).toBe('next');
    expect(await turns.within('a', never, async () => 'again')).toBe('again');
  });

  it('lets go who is told to stop while it waits', async () => {
    const turns = new HostTurns(1, 1);
    const { opened, open } = gate();
    const running = turns.within('a', never, () => opened);
    const controller = new AbortController();
    const waiting = turns.within('a', controller.signal, async () => 'never');
    controller.abort(new Error('enough'));

    await expect(waiting).rejects.toThrow('enough');
    open();
    await running;
    expect(await turns.within('a', never, async () => 'free')).toBe('free');
  });
});
