import { describe, expect, it } from '@jest/globals';
import { Announcer } from './announcer.js';
import type { Announcement } from './task.js';
import { TaskTransport } from './task-transport.js';

/** A transport that takes announcements only when told. */
class SlowTransport extends TaskTransport {
  readonly taken: Announcement[] = [];
  private readonly waiting: (() => void)[] = [];

  async announce(announcements: readonly Announcement[]): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.taken.push(...announcements);
  }

  async depth() {
    return { low: 0, normal: 0, high: 0 };
  }

  async ping(): Promise<void> {}

  async take(): Promise<void> {
    while (this.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    this.waiting.shift()!();
  }
}

describe('Announcer', () => {
  it('ends only when what it was given is announced', async () => {
    const transport = new SlowTransport();
    const announcer = new Announcer(transport);
    for (let n = 0; n < 700; n++) announcer.announce({ id: `task-${n}`, priority: 'normal' });
    let over = false;
    const ending = announcer.onApplicationShutdown().then(() => (over = true));
    await transport.take();

    expect(over).toBe(false);
    await transport.take();
    await ending;
    expect(transport.taken).toHaveLength(700);
  });

  it('does not wait for a silent broker for ever', async () => {
    const announcer = new Announcer(new SlowTransport());
    announcer.announce({ id: 'task', priority: 'normal' });

    await expect(announcer.onApplicationShutdown()).resolves.toBeUndefined();
  });

  it('ends at once when there is nothing to say', async () => {
    const begunAt = performance.now();
    await new Announcer(new SlowTransport()).onApplicationShutdown();

    expect(performance.now() - begunAt).toBeLessThan(500);
  });
});
