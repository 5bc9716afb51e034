import { describe, expect, it } from '@jest/globals';
import type { Channel } from 'amqplib';
import { Consumers } from './consumers.js';
import { CLASSES } from '../lanes.js';
import { Deliveries } from './deliveries.js';
import { Topology } from './topology.js';

/** A channel to a broker that is far away: it confirms when told. */
class FarChannel {
  private readonly owed: (() => void)[] = [];

  consume: (queue?: string) => Promise<void> = () => this.owe();
  cancel = () => this.owe();
  prefetch = async () => {};

  /** Confirms the oldest request. */
  async confirm(): Promise<void> {
    this.owed.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async confirmAll(): Promise<void> {
    while (this.owed.length > 0) await this.confirm();
  }

  private owe(): Promise<void> {
    return new Promise((resolve) => this.owed.push(resolve));
  }
}

function consumersOn(far: FarChannel, refused: string[] = []): Consumers {
  const channel = far as unknown as Channel;
  const nothing = () => {};
  const same = (request: Promise<unknown>) => request;
  const topology = new Topology('test');
  const refuse = (priority: string) => void refused.push(priority);
  return new Consumers(channel, topology, new Deliveries(channel), nothing, () => CLASSES, refuse, nothing, nothing, same);
}

describe('Consumers', () => {
  it('stand once the broker has confirmed them', async () => {
    const far = new FarChannel();
    const consumers = consumersOn(far);
    const asked = consumers.ask(4);
    await new Promise((resolve) => setImmediate(resolve));
    expect(consumers.standing('high')).toEqual([]);

    await far.confirmAll();
    await asked;
    expect(consumers.standing('high')).toHaveLength(1);
  });

  it('say which class it was that could not be consumed from', async () => {
    const far = new FarChannel();
    const consume = far.consume;
    far.consume = (queue?: string) => (queue === 'test.due.normal' ? Promise.reject(new Error('No leader.')) : consume());
    const refused: string[] = [];
    const asked = consumersOn(far, refused).ask(4);
    await new Promise((resolve) => setImmediate(resolve));
    void far.confirmAll();

    await expect(asked).rejects.toThrow('No leader.');
    expect(refused).toEqual(['normal']);
  });

  it('stand no more once their end is asked for', async () => {
    const far = new FarChannel();
    const consumers = consumersOn(far);
    const asked = consumers.ask(4);
    await new Promise((resolve) => setImmediate(resolve));
    await far.confirmAll();
    await asked;
    const fewer = consumers.ask(2);

    expect(consumers.standing('high')).toEqual([]);
    await far.confirmAll();
    await fewer;
  });
});
