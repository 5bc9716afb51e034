import type { Stage } from '../stage.js';

/** The ids of all announcements that wait in the queue of normal priority; they stay there. */
export async function announcedIds(stage: Stage): Promise<string[]> {
  const { broker } = stage.deployment;
  return broker.onChannel(async (channel) => {
    const ids: string[] = [];
    // Nothing is acknowledged: when the channel closes, all of them are back in the queue.
    for (;;) {
      const message = await channel.get(broker.due());
      if (!message) return ids;
      const { data } = JSON.parse(message.content.toString()) as { data: { id?: string; ids?: string[] } };
      ids.push(...(data.ids ?? [data.id!]));
    }
  });
}
