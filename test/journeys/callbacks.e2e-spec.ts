import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Receiver, type Reply } from '../support/receiver.js';
import { Scope } from '../support/scope.js';
import { missingServers } from '../support/servers.mjs';

const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW = 'whsec_bmV3IHNlY3JldCBvZiBtb3JlIHRoYW4gMjQgYnl0ZXM=';
const ENV: Env = {
  EGRESS_ALLOW: '127.0.0.1',
  CALLBACK_SECRET: `${NEW} ${OLD}`,
  CALLBACK_SCHEDULE: '0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05',
  PLAIN_TASK_MS: 20,
  SWEEP_SECONDS: 1,
  MAX_CRASHES: 1,
};
const WITHIN = { within: 30_000, every: 20 };

interface Delivery {
  delivery_id: string;
  webhook_id: string;
  state: string;
  reason: string | null;
  tries: { status: number | null; answer: string | null; error: string | null; duration_ms: number }[];
}

const { mysql, rabbitmq } = await missingServers();

describeCallbacks('embedded', async (scope) => {
  const folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
  scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  const process = await TaskwellProcess.start('api', scope, { ...ENV, DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` });
  return process.url;
});

if (!mysql && !rabbitmq) {
  describeCallbacks('an API and two workers', async (scope) => (await deploy(scope, { workers: 2, env: ENV })).apis[0]!.url);
}

/** What becomes of callbacks, with real receivers. */
function describeCallbacks(name: string, start: (scope: Scope) => Promise<string>): void {
  describe(`Callbacks: ${name}`, () => {
    const scope = new Scope();
    let receiver: Receiver;
    let api: Api;

    beforeAll(async () => {
      receiver = await Receiver.open(scope, OLD);
      receiver.manner = ({ path }, times): Reply => {
        if (path === '/tenth') return times < 10 ? 503 : 200;
        if (path === '/never') return 500;
        if (path === '/gone') return 410;
        if (path === '/elsewhere') return { status: 302, headers: { location: receiver.url('/canary') } };
        if (path === '/patience') return times === 1 ? { status: 429, headers: { 'retry-after': '1' } } : 204;
        if (path === '/large') return { status: 200, body: 'é'.repeat(100_000) };
        if (path === '/reset') return times === 1 ? 'reset' : 200;
        return 200;
      };
      api = new Api(await start(scope));
    }, 120_000);
    afterAll(() => scope.end(), 60_000);

    const submit = async (path: string, more: object = {}) => {
      const body = { type: 'text.reverse', payload: { text: 'abc' }, callback_url: receiver.url(path), ...more };
      const answer = await api.post('/api/tasks', body);
      return (answer.body as { task_id: string }).task_id;
    };
    const deliveries = async (id: string) => ((await api.get(`/api/tasks/${id}/callbacks`)).body as { items: Delivery[] }).items;
    const ended = async (id: string, state: string, count = 1) => {
      let found: Delivery[] = [];
      const isSo = async () => (found = await deliveries(id)).length === count && found.at(-1)!.state === state;
      await eventually(`the delivery of ${id} is ${state}`, isSo, WITHIN);
      return found.at(-1)!;
    };

    it('tells of a completed task once, signed with both secrets, with what its row says', async () => {
      const id = await submit('/completed', { metadata: { a: 1 }, tags: ['x'] });
      const delivery = await ended(id, 'delivered');
      const [call, ...more] = receiver.about(id);

      expect(more).toEqual([]);
      expect(call!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
      expect(call!.body).toMatchObject({
        type: 'task.completed',
        timestamp: expect.stringMatching(/Z$/),
        data: { task_id: id, status: 'COMPLETED', result: { text: 'cba' }, metadata: { a: 1 }, tags: ['x'] },
      });
      expect(delivery).toMatchObject({ webhook_id: `msg_${id}`, tries: [{ status: 200, answer: 'thanks', error: null }] });
    });

    it('gives the bare result to who asks for it', async () => {
      const id = await submit('/bare', { callback_format: 'result' });
      await ended(id, 'delivered');

      expect(receiver.about(id)[0]!.body).toEqual({ text: 'cba' });
    });

    it('tells of each task of a batch, and of cancelled and failed ones', async () => {
      const url = receiver.url('/ends');
      const task = { title: 'a', description: 'b', callback_url: url };
      const batch = await api.post('/api/tasks/batch', { tasks: [task, { ...task, delay_seconds: 3_600 }] });
      const [completed, cancelled] = (batch.body as { items: { task_id: string }[] }).items.map(({ task_id }) => task_id);
      const failed = await submit('/ends', {
        type: 'http.fetch',
        payload: { items: [{ name: 'a', url: receiver.url('/hang'), method: 'GET' }] },
        timeout_seconds: 1,
        max_attempts: 1,
      });
      receiver.manner = hangingAt('/hang', receiver.manner);
      await api.post(`/api/tasks/${cancelled}/cancel`);
      for (const id of [completed!, cancelled!, failed]) await ended(id, 'delivered');

      const told = [completed!, cancelled!, failed].map((id) => receiver.about(id).map(({ body }) => body.type));
      expect(told).toEqual([['task.completed'], ['task.cancelled'], ['task.failed']]);
      expect(receiver.about(failed)[0]!.body.data).toMatchObject({ status: 'FAILED', error: { kind: 'timeout' } });
    });

    it('tries ten times under one webhook-id, and is delivered in the end', async () => {
      const id = await submit('/tenth');
      const delivery = await ended(id, 'delivered');
      const ids = receiver.of('/tenth').map(({ headers }) => headers['webhook-id']);

      expect(ids).toEqual(Array.from({ length: 10 }, () => `msg_${id}`));
      expect(delivery.tries.map(({ status }) => status)).toEqual([...Array.from({ length: 9 }, () => 503), 200]);
    });

    it('gives up after the last try, and begins anew when it is asked to', async () => {
      const id = await submit('/never');
      const failed = await ended(id, 'failed');
      expect(failed.tries).toHaveLength(10);
      expect(failed.reason).toContain('last of 10 tries');

      const manner = receiver.manner;
      receiver.manner = (call, times) => (call.path === '/never' ? 200 : manner(call, times));
      const redelivery = await api.post(`/api/tasks/${id}/callbacks/redeliver`);
      expect(redelivery.status).toBe(202);
      await ended(id, 'delivered', 2);
      expect(new Set(receiver.of('/never').map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`msg_${id}`]));
    });

    it('never follows a redirect, and ends at a 410', async () => {
      const [elsewhere, gone] = [await submit('/elsewhere'), await submit('/gone')];
      const failed = await ended(gone, 'failed');
      await ended(elsewhere, 'failed');

      expect(failed.tries).toHaveLength(1);
      expect(receiver.of('/canary')).toEqual([]);
      expect(receiver.of('/elsewhere')).toHaveLength(10);
    });

    it('waits as long as it is asked to', async () => {
      const id = await submit('/patience');
      await ended(id, 'delivered');
      const [first, second] = receiver.of('/patience');

      expect(second!.at - first!.at).toBeGreaterThan(950);
    });

    it('keeps the first kilobyte of an answer, and why there was none', async () => {
      const [large, reset] = [await submit('/large'), await submit('/reset')];

      expect(Buffer.byteLength((await ended(large, 'delivered')).tries[0]!.answer!)).toBeLessThanOrEqual(1_026);
      expect((await ended(reset, 'delivered')).tries[0]).toMatchObject({ status: null, error: 'The host cannot be reached.' });
    });

    it('shows deliveries to nobody who does not ask for them', async () => {
      const listed = (await api.get('/api/tasks?page_size=200')).body as { items: { type: string }[] };
      const types = (await api.get('/api/types')).body as { items: { type: string }[] };
      const asked = (await api.get('/api/tasks?type=callback.deliver')).body as { items: { type: string }[] };

      expect(listed.items.filter(({ type }) => type === 'callback.deliver')).toEqual([]);
      expect(types.items.filter(({ type }) => type === 'callback.deliver')).toEqual([]);
      expect(asked.items.length).toBeGreaterThan(0);
      expect((await api.post('/api/tasks', { type: 'callback.deliver', payload: {} })).status).toBe(400);
    });

    it('signs every single call so that the public library takes it', () => {
      expect(receiver.calls.length).toBeGreaterThan(30);
      expect(receiver.calls.filter(({ path, verified }) => !verified && path !== '/hang').map(({ path }) => path)).toEqual([]);
    });
  });
}

function hangingAt(path: string, manner: Receiver['manner']): Receiver['manner'] {
  return (call, times) => (call.path === path ? 'hang' : manner(call, times));
}
