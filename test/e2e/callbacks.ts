import { expect, it } from '@jest/globals';
import { reverseTask, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';

interface Delivery {
  delivery_id: string;
  webhook_id: string;
  state: string;
  tries: unknown[];
}

/** What becomes of a callback that nobody takes. The receivers that do are met in the journeys. */
export function callbacks(api: Api): void {
  it('notes every try of a delivery, and delivers again when asked', async () => {
    const id = await api.submitted(reverseTask('x', { callback_url: 'https://nowhere.invalid/hook' }));
    await api.untilFinal(id);
    const path = `/api/tasks/${id}/callbacks`;
    const deliveries = async () => (await api.get<{ items: Delivery[] }>(path)).body.items;
    await eventually('it is tried', async () => (await deliveries())[0]?.tries.length, { within: 15_000 });
    const again = await api.post<{ delivery_id: string }>(`${path}/redeliver`);

    expect(again.status).toBe(202);
    const [first, second] = await deliveries();
    expect(second).toMatchObject({ delivery_id: again.body.delivery_id, webhook_id: first!.webhook_id });
  });
}
