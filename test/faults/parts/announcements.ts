import type { TestBroker } from '../../support/broker.js';
import { eventually, lasting } from '../../support/eventually.js';

/** All announcements of one burst are in the queue by then. */
const ANNOUNCED_MS = 500;

/** The message that says that these tasks are due, as Taskwell itself writes it. */
export function announcementOf(...ids: readonly string[]): string {
  const data = ids.length === 1 ? { id: ids[0], priority: 'normal' } : { ids, priority: 'normal' };
  return JSON.stringify({ pattern: 'task.due', data });
}

/** Publishes the bodies in one burst, and waits until the broker has all of them. */
export async function publishTogether(broker: TestBroker, bodies: readonly (string | Buffer)[]): Promise<void> {
  await broker.onChannel(async (channel) => {
    for (const body of bodies) channel.sendToQueue(broker.due(), Buffer.from(body));
    // The broker answers a request after all that was sent before it on the channel.
    await channel.checkQueue(broker.due());
  });
}

/** Resolves when nothing waits in the queue of ordinary tasks. */
export async function untilQueueIsEmpty(broker: TestBroker, within = 10_000): Promise<void> {
  await eventually('the queue is empty', async () => (await broker.depth(broker.due())) === 0, { within });
}

/** Makes one message announce all of these tasks, instead of those that announce them now. Nobody may be receiving. */
export async function announceTogether(broker: TestBroker, ids: readonly string[]): Promise<void> {
  await eventually('the tasks are announced', async () => (await broker.depth(broker.due())) > 0);
  await lasting(ANNOUNCED_MS);
  await broker.purge();
  await broker.publish(broker.due(), announcementOf(...ids));
}
