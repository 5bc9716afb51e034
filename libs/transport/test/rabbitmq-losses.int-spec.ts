import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Settings } from '@app/config';
import type { Channel } from 'amqplib';
import { TransportUnavailable } from '@app/tasks';
import { TestBroker } from '../../../test/support/broker.js';
import { eventually, lasting } from '../../../test/support/eventually.js';
import { describeWithRabbitmq } from '../../../test/support/suites.js';
import { TcpProxy } from '../../../test/support/tcp-proxy.js';
import { heldBytes } from '../../../test/support/held-bytes.js';
import { MOST_TOGETHER } from '../src/envelope.js';
import { announcement, Recorder } from './transport.contract.js';
import { createWorker, rabbitSettings, type Receive, type Worker } from './worker.js';

jest.setTimeout(60_000);

describeWithRabbitmq('the rabbitmq transport after a loss', () => {
  let broker: TestBroker;
  let proxy: TcpProxy;
  let settings: Settings;
  let recorder: Recorder;
  let workers: Worker[];
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => unhandled.push(reason);

  const pings = (worker: Worker) =>
    worker.transport.ping().then(
      () => true,
      () => false,
    );
  const start = async (receive: Receive = recorder.receive) => {
    const worker = await createWorker(settings, receive);
    workers.push(worker);
    await worker.listen();
    return worker;
  };
  const startReady = async () => {
    const worker = await start();
    await eventually('the worker is ready', async () => worker.server.ready().ok && (await pings(worker)));
    return worker;
  };
  const isReceived = async (worker: Worker) => {
    const due = announcement();
    await eventually('it can be announced', () =>
      worker.transport.announce([due]).then(
        () => true,
        () => false,
      ),
    );
    await eventually('it is received', () => recorder.ids.includes(due.id));
  };

  beforeEach(async () => {
    process.on('unhandledRejection', noteUnhandled);
    broker = await TestBroker.open();
    proxy = await TcpProxy.before(broker.url);
    settings = rabbitSettings(broker, {
      transportUrl: proxy.through(broker.url),
      workerConcurrency: 4,
      announceTimeoutMs: 500,
      amqpHeartbeatSeconds: 1,
    });
    recorder = new Recorder();
    workers = [];
  });

  afterEach(async () => {
    recorder.letGo();
    proxy.resume();
    for (const worker of workers) await worker.close();
    await proxy.close();
    await broker.close();
    process.off('unhandledRejection', noteUnhandled);
    expect(unhandled).toEqual([]);
  });

  describe('of queues', () => {
    it('makes a deleted queue again and consumes from it', async () => {
      const worker = await startReady();

      await broker.deleteQueues();

      await eventually('the queue has a consumer again', async () => (await broker.consumers(broker.due())) > 0);
      await isReceived(worker);
    });

    it('consumes again when its consumers were cancelled behind its back', async () => {
      const worker = await startReady();
      const channel = channelOf(worker);
      for (const tag of [...channel.consumers.keys()]) await channel.cancel(tag);
      expect(await broker.consumers(broker.due())).toBe(0);

      await eventually('it has a consumer again', async () => (await broker.consumers(broker.due())) > 0, { within: 15_000 });
      await isReceived(worker);
      expect(worker.server.silentMs).toBeLessThan(12_000);
    });

    it('notices that it gets nothing although messages wait, and receives them on a new channel', async () => {
      const worker = await startReady();
      const { consumers } = channelOf(worker);
      for (const tag of consumers.keys()) consumers.set(tag, () => {});
      const due = Array.from({ length: 40 }, () => announcement());

      for (const one of due) await worker.transport.announce([one]);

      await eventually('all are received', () => due.every(({ id }) => recorder.ids.includes(id)), { within: 15_000 });
    });

    it('goes on after a purge', async () => {
      const worker = await startReady();

      await broker.purge();

      await isReceived(worker);
    });

    it('makes a deleted queue again when an announcement finds none, within the same call', async () => {
      const announcer = await createWorker(settings, recorder.receive);
      workers.push(announcer);
      await eventually('it can announce', () => pings(announcer));
      await broker.deleteQueues();

      await announcer.transport.announce([announcement(), announcement('high')]);

      await eventually('it waits', async () => (await announcer.transport.depth()).normal === MOST_TOGETHER);
      expect(await announcer.transport.depth()).toEqual({ high: MOST_TOGETHER, normal: MOST_TOGETHER, low: 0 });
    });

    it('is not ready while a queue has other arguments, and recovers when that is mended', async () => {
      await broker.onChannel((channel) => channel.assertQueue(broker.due(), { durable: true }));
      const worker = await start();
      await eventually('it says why', () => /PRECONDITION/.test(worker.server.ready().reason ?? ''));
      await expect(worker.transport.ping()).rejects.toThrow(TransportUnavailable);
      await expect(worker.transport.announce([announcement()])).rejects.toThrow(TransportUnavailable);

      await broker.onChannel((channel) => channel.deleteQueue(broker.due()));

      await eventually('it is ready', async () => worker.server.ready().ok && (await pings(worker)));
      await isReceived(worker);
    });

    it('notices that a queue was replaced by one with other arguments', async () => {
      const worker = await startReady();
      proxy.hold();
      await broker.onChannel((channel) => channel.deleteQueue(broker.due('low')));
      await broker.onChannel((channel) => channel.assertQueue(broker.due('low'), { durable: true }));
      proxy.resume();
      await eventually('it is not ready', () => !worker.server.ready().ok);

      await broker.onChannel((channel) => channel.deleteQueue(broker.due('low')));

      await eventually('it is ready', async () => worker.server.ready().ok && (await pings(worker)));
      await isReceived(worker);
    });
  });

  describe('of the connection', () => {
    it('receives and announces again after a cut', async () => {
      const worker = await startReady();

      proxy.drop();

      await eventually('it is noticed', () => !worker.server.ready().ok);
      await eventually('it receives', () => worker.server.ready().ok, { within: 5_000 });
      await isReceived(worker);
    });

    it('keeps the slots of handlers that ran at the cut, and takes no more than its slots', async () => {
      const worker = await startReady();
      recorder.hold();
      await worker.transport.announce(Array.from({ length: 10 }, () => announcement()));
      await eventually('the slots are full', () => recorder.running === 4);

      proxy.drop();
      await eventually('it is noticed', () => !worker.server.ready().ok);
      await eventually('it receives', () => worker.server.ready().ok);
      expect(worker.server.running).toBe(4);
      recorder.letGo();

      await eventually('all were received', () => new Set(recorder.ids).size === 10 && recorder.running === 0);
      expect(recorder.mostAtOnce).toBe(4);
    });

    it('rejects what was in flight at a cut', async () => {
      const worker = await startReady();
      proxy.hold();
      const inFlight = worker.transport.announce([announcement()]);
      proxy.resume();
      proxy.drop();

      await expect(inFlight).rejects.toThrow(TransportUnavailable);
      await isReceived(worker);
    });

    it('rejects within the deadline when the broker is silent, and recovers', async () => {
      const worker = await startReady();
      proxy.hold();
      const start = performance.now();

      await expect(worker.transport.announce([announcement()])).rejects.toThrow(TransportUnavailable);
      expect(performance.now() - start).toBeLessThan(settings.announceTimeoutMs + 300);
      await expect(worker.transport.depth()).rejects.toThrow(TransportUnavailable);
      await expect(worker.transport.ping()).rejects.toThrow(TransportUnavailable);
      await eventually('it is noticed', () => !worker.server.ready().ok);

      proxy.drop();
      proxy.resume();
      await eventually('it receives', () => worker.server.ready().ok);
      await isReceived(worker);
    });

    it('boots without a broker and connects when it comes', async () => {
      proxy.cut();
      const worker = await start();
      await expect(worker.transport.announce([announcement()])).rejects.toThrow(TransportUnavailable);
      await eventually('it says why', () => /no connection to the broker/.test(worker.server.ready().reason ?? ''));

      proxy.resume();

      await eventually('it receives', () => worker.server.ready().ok, { within: 5_000 });
      await isReceived(worker);
    });

    it('survives cuts in quick succession under load', async () => {
      const worker = await startReady();
      for (let round = 0; round < 15; round++) {
        const calls = Array.from({ length: 20 }, () => worker.transport.announce([announcement()]).catch(() => {}));
        proxy.drop();
        await Promise.all(calls);
        await eventually('it is connected', () => proxy.connections > 0);
      }

      await eventually('it receives', () => worker.server.ready().ok);
      await isReceived(worker);
    });

    it('keeps nothing in memory for a broker that is away', async () => {
      const worker = await startReady();
      proxy.cut();
      await eventually('it is noticed', async () => !worker.server.ready().ok && !(await pings(worker)));
      const before = heldBytes();

      for (let sent = 0; sent < 50_000; sent += 1_000) {
        const calls = Array.from({ length: 1_000 }, () => worker.transport.announce([announcement()]));
        const outcomes = await Promise.allSettled(calls);
        expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      }

      expect(heldBytes() - before).toBeLessThan(64 * 1024 * 1024);
    });

    it('bounds what is in flight while the broker is silent', async () => {
      const worker = await startReady();
      proxy.hold();
      const before = heldBytes();

      const calls = Array.from({ length: 500 }, () =>
        worker.transport.announce(Array.from({ length: 100 }, () => announcement())),
      );
      const outcomes = await Promise.allSettled(calls);

      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(heldBytes() - before).toBeLessThan(64 * 1024 * 1024);
    });

    it('closes in bounded time when the broker is silent', async () => {
      const worker = await startReady();
      proxy.hold();
      const start = performance.now();

      await worker.close();

      workers = [];
      expect(performance.now() - start).toBeLessThan(12_000);
    });
  });

  describe('of speed', () => {
    const far = { delayMs: 150, stallMs: () => 0 };

    it('knows how many messages wait', async () => {
      const worker = await startReady();
      proxy.slow(far);

      await expect(worker.transport.depth()).resolves.toEqual({ high: 0, normal: 0, low: 0 });
    });

    it('keeps its connection while it asks for more messages and for fewer, though all the answers take long', async () => {
      settings = rabbitSettings(broker, { ...settings, workerConcurrency: 32 });
      const worker = await startReady();
      proxy.slow(far);
      recorder.hold();
      const connectionsBefore = proxy.accepted;
      // Long ones are acknowledged early and take slots that no message counts for: less is asked for.
      for (let round = 0; round < 3; round++) {
        await worker.transport.announce(Array.from({ length: 7 }, () => announcement()));
        await lasting(4_000);
      }
      recorder.letGo();
      await isReceived(worker);

      expect(proxy.accepted).toBe(connectionsBefore);
    }, 60_000);
  });
});

/** The channel with the callbacks of its consumers by their tags, as amqplib keeps them. */
function channelOf({ server }: Worker): Channel & { consumers: Map<string, () => void> } {
  return server.unwrap();
}
