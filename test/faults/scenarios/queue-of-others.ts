import { lasting } from '../../support/eventually.js';
import { send } from '../../support/http.js';
import { R_MS } from '../bounds.js';
import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';

/** Long enough for several tries, and for a process to crash over it. */
const WRONG_MS = 10_000;
const READY_AGAIN_MS = 15_000;
const REASON = /The broker refuses: .*PRECONDITION_FAILED - inequivalent arg .* for queue/;
const SAYS = /"context":"(\w+)","msg":"The broker refuses/g;

export default {
  name: 'queue-of-others',
  faults: [13],
  title: 'a queue of the same name has other arguments when API and worker start; later it is removed',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: R_MS,
  async run(stage) {
    const { apis, workers, members, broker } = await stage.prepare();
    const queue = broker.due(stage.random.pick(['high', 'normal', 'low'] as const));
    const says = async ({ url }: Member) => {
      const { status, body } = await send<{ status?: string }>(url, { path: '/readyz' });
      return `${status} ${body?.status}`;
    };
    // The API goes on accepting: the rows are safe, and it says that it is not whole.
    const knowIt = async () => (await says(apis[0]!)) === '200 degraded' && (await says(workers[0]!)) === '503 unavailable';
    const areWhole = async () => (await says(apis[0]!)) === '200 ok' && (await says(workers[0]!)) === '200 ok';
    await stage.fault(`${queue} has other arguments`, async () => {
      await broker.onChannel((channel) => channel.assertQueue(queue, { durable: true, arguments: { 'x-max-priority': 5 } }));
      await Promise.all(members.map((member) => member.spawn()));
      await stage.until('both say why they are not whole', async () => {
        return members.every(({ process }) => REASON.test(process.output)) && (await knowIt());
      });
      await stage.client.submitMany(50);
      await lasting(WRONG_MS);
      stage.claim('both run and know that they are not whole', members.every(({ running }) => running) && (await knowIt()));
      await broker.onChannel((channel) => channel.deleteQueue(queue));
    });
    stage.claim('submissions were accepted meanwhile', stage.client.accepted.length === 50);
    for (const { name, process } of members) {
      const speakers = [...process.output.matchAll(SAYS)].map(([, speaker]) => speaker);
      const isOften = new Set(speakers).size < speakers.length;
      stage.claim(`each part of ${name} says it once (${speakers.join(', ')})`, !isOften);
    }
    await stage.until('both are whole', areWhole, READY_AGAIN_MS);
    await stage.client.submitMany(50);
  },
} satisfies Scenario;
