import { EFFECT } from '../client.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { CALLBACK_ENV, claimCallbacks, receiverOf, telling } from '../parts/callbacks.js';
import type { Scenario } from '../scenario.js';
import type { Manner } from '../../support/receiver.js';

/** What hung is given up after 15 s; what found no room in its host's line comes back within 30 s, and may find none again. */
const HUNG_MS = 60_000;

export default {
  name: 'callback-receivers-misbehave',
  faults: [43, 44],
  title: 'receivers of callbacks hang, fail, reset, redirect, want no more, or ask for patience',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: HUNG_MS + LEASE_AND_SWEEP_MS,
  async run(stage) {
    const [receiver, canary, hanging] = await Promise.all([receiverOf(stage), receiverOf(stage), receiverOf(stage)]);
    const misbehave: Record<string, Manner> = {
      '/fails': (_, times) => (times % 2 === 1 ? 500 : 200),
      '/resets': (_, times) => (times % 2 === 1 ? 'reset' : 200),
      '/redirects': (_, times) => (times % 2 === 1 ? { status: 302, headers: { location: canary.url() } } : 200),
      '/gone': () => 410,
      '/busy': (_, times) => (times % 2 === 1 ? { status: 429, headers: { 'retry-after': '2' } } : 200),
    };
    receiver.manner = (call, times) => misbehave[call.path]?.(call, times) ?? 200;
    hanging.manner = (_, times) => (times <= 200 ? 'hang' : 200);
    await stage.deploy({ workers: 2, env: CALLBACK_ENV });
    const held = await stage.client.submitMany(200, telling(hanging));
    await stage.until('receivers hang', () => hanging.calls.length >= 16);

    const works = [EFFECT, ...Object.keys(misbehave), '/'].map((path) =>
      typeof path === 'string' ? telling(receiver, path) : telling(receiver, '/', path),
    );
    const load = stage.client.load({ works });
    await stage.until('many tasks are told of', () => receiver.calls.length > 200);
    const outcomes = await load.stop();
    const told = outcomes.flatMap(({ id }) => id ?? []);
    await stage.until('all others were told while some hang', () => told.every((id) => receiver.about(id).length > 0), 10_000);
    stage.claim('receivers that hang still hang meanwhile', hanging.calls.length < 200);

    hanging.manner = () => 200;
    stage.claim('redirects are not followed', canary.calls.length === 0);
    stage.claim(
      'a 410 ends it',
      new Set(receiver.of('/gone').map(({ headers }) => headers['webhook-id'])).size === receiver.of('/gone').length,
    );
    const busy = receiver.of('/busy')[0];
    const later = busy && receiver.calls.filter(({ headers }) => headers['webhook-id'] === busy.headers['webhook-id'])[1];
    stage.claim('Retry-After is heeded', later === undefined || later.at - busy!.at >= 1_950);
    await claimCallbacks(stage, receiver, hanging);
    stage.claim(
      'what hung is told in the end',
      held.every((id) => hanging.about(id).length > 0),
    );
  },
} satisfies Scenario;
