import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Settings } from '@app/config';
import { TestBroker } from '../../../test/support/broker.js';
import { eventually } from '../../../test/support/eventually.js';
import { describeWithRabbitmq } from '../../../test/support/suites.js';
import { announcement, Recorder } from './transport.contract.js';
import { createWorker, rabbitSettings, type Worker } from './worker.js';

jest.setTimeout(60_000);

describeWithRabbitmq('the rabbitmq transport with tasks that take long', () => {
  let broker: TestBroker;
  let settings: Settings;
  let workers: Worker[];
  const recorders: Recorder[] = [];

  const start = async () => {
    const recorder = new Recorder();
    recorders.push(recorder);
    const worker = await createWorker(settings, recorder.receive);
    workers.push(worker);
    await worker.listen();
    await eventually('the worker receives', () => worker.server.ready().ok);
    return { ...worker, recorder };
  };
  const consumers = () => broker.consumers(broker.due());
  const ready = () => broker.depth(broker.due());

  beforeEach(async () => {
    broker = await TestBroker.open();
    settings = rabbitSettings(broker, { workerConcurrency: 4 });
    workers = [];
  });

  afterEach(async () => {
    for (const recorder of recorders.splice(0)) recorder.letGo();
    for (const worker of workers) await worker.close();
    await broker.close();
  });

  it('acknowledges them early, so that they run once even if the channel is lost afterwards', async () => {
    const worker = await start();
    worker.recorder.hold();
    await worker.transport.announce(Array.from({ length: 4 }, () => announcement()));
    await eventually('all slots are taken by long tasks', async () => (await consumers()) === 0);

    await worker.server.close();

    expect(await ready()).toBe(0);
    expect(worker.recorder.received).toHaveLength(4);
  });

  it('leaves to others what it has no slot for', async () => {
    const busy = await start();
    busy.recorder.hold();
    await busy.transport.announce(Array.from({ length: 4 }, () => announcement()));
    await eventually('the slots are taken', () => busy.recorder.running === 4);
    await busy.transport.announce(['high', 'low', 'high', 'low'].map((priority) => announcement(priority as 'high' | 'low')));
    await eventually('all slots are taken by long tasks', async () => (await consumers()) === 0);
    const idle = await start();

    await eventually('the other has them', () => idle.recorder.received.length === 4);
    expect(busy.recorder.received).toHaveLength(4);
  });

  it('asks for no more than the slots that long tasks leave free', async () => {
    const worker = await start();
    worker.recorder.hold();
    await worker.transport.announce([announcement(), announcement()]);
    await eventually('two slots are taken by long tasks', async () => (await consumers()) === 2);

    await worker.transport.announce(Array.from({ length: 5 }, () => announcement()));

    await eventually('the other slots are taken', () => worker.recorder.running === 4);
    expect(await ready()).toBe(3);
  });

  it('goes on consuming when the long ones end', async () => {
    const worker = await start();
    worker.recorder.hold();
    await worker.transport.announce(Array.from({ length: 12 }, () => announcement()));
    await eventually('all slots are taken by long tasks', async () => (await consumers()) === 0);

    worker.recorder.letGo();

    // One that ran when the rest of its message was handed back comes twice; whoever runs tasks skips it.
    await eventually('all were received', () => new Set(worker.recorder.ids).size === 12 && worker.recorder.running === 0);
    expect(worker.recorder.mostAtOnce).toBe(4);
  });

  it('shares short ones between two workers', async () => {
    const [one, two] = [await start(), await start()];
    const due = Array.from({ length: 200 }, () => announcement());

    await one.transport.announce(due);

    await eventually('all are received', () => one.recorder.received.length + two.recorder.received.length === 200);
    expect(new Set([...one.recorder.ids, ...two.recorder.ids]).size).toBe(200);
    expect(one.recorder.received.length).toBeGreaterThan(20);
    expect(two.recorder.received.length).toBeGreaterThan(20);
  });
});
