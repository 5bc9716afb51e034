import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TestBroker } from '../../../test/support/broker.js';
import { eventually } from '../../../test/support/eventually.js';
import { describeWithRabbitmq } from '../../../test/support/suites.js';
import { MOST_TOGETHER } from '../src/envelope.js';
import { announcement, describeTransport, Recorder } from './transport.contract.js';
import { createWorker, rabbitSettings, type Worker } from './worker.js';

jest.setTimeout(30_000);

describeWithRabbitmq('RabbitMQ', () => {
  describeTransport('rabbitmq', async (overrides) => {
    const broker = await TestBroker.open();
    const settings = rabbitSettings(broker, overrides);
    return { settings, sendsAhead: true, countedAs: MOST_TOGETHER, leave: () => broker.close() };
  });

  describe('an unreadable message', () => {
    const id = randomUUID();
    const unreadable: Record<string, string | Buffer> = {
      'an empty body': '',
      'no JSON': 'hello',
      'half a JSON object': '{"pattern":"task.due","data":{"id":',
      'a JSON null': 'null',
      'a JSON number': '1',
      'a JSON string': '"task.due"',
      'an array': '[]',
      'an empty object': '{}',
      'an envelope without pattern': JSON.stringify({ data: { id } }),
      'an unknown pattern': JSON.stringify({ pattern: 'task.gone', data: { id } }),
      'a pattern that is an object': JSON.stringify({ pattern: { cmd: 'task.due' }, data: { id } }),
      'a request with an id': JSON.stringify({ pattern: 'task.due', id: '1', data: { id } }),
      'no data': JSON.stringify({ pattern: 'task.due' }),
      'data that is null': JSON.stringify({ pattern: 'task.due', data: null }),
      'data that is a list': JSON.stringify({ pattern: 'task.due', data: [{ id }] }),
      'data without id': JSON.stringify({ pattern: 'task.due', data: {} }),
      'an id that is no UUID': JSON.stringify({ pattern: 'task.due', data: { id: "1' OR 1=1" } }),
      'an id that is an object': JSON.stringify({ pattern: 'task.due', data: { id: { $ne: null } } }),
      'an unknown priority': JSON.stringify({ pattern: 'task.due', data: { id, priority: 'urgent' } }),
      'a priority that is a number': JSON.stringify({ pattern: 'task.due', data: { id, priority: 255 } }),
      'lone bytes': Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
      'deep nesting': '['.repeat(15_000),
      'ten megabytes': Buffer.alloc(10 * 1024 * 1024, 'a'),
    };
    const recorder = new Recorder();
    let worker: Worker;
    let broker: TestBroker;

    beforeEach(async () => {
      broker = await TestBroker.open();
      worker = await createWorker(rabbitSettings(broker), recorder.receive);
      await worker.listen();
      await eventually('the worker receives', () => worker.server.ready().ok);
    });

    afterEach(async () => {
      await worker.close();
      await broker.close();
    });

    it('is parked, whatever is wrong with it, and the next one is served', async () => {
      const bodies = Object.values(unreadable);
      for (const body of bodies) await broker.publish(broker.due(), body);
      const next = announcement();
      await worker.transport.announce([next]);

      await eventually('the next one is received', () => recorder.ids.includes(next.id));
      await eventually('all are parked', async () => (await broker.depth(broker.dead)) === bodies.length);
      expect(recorder.received).toHaveLength(1);
      expect(worker.server.parked).toBe(bodies.length);
    });

    it('is not one with foreign fields or properties', async () => {
      const foreign = { pattern: 'task.due', type: 'x', data: { id, priority: 'low', type: 'other', payload: { a: 1 } } };
      await broker.publish(broker.due(), JSON.stringify(foreign), {
        priority: 255,
        replyTo: 'nobody',
        headers: { 'x-anything': [1, 2] },
      });

      await eventually('it is received', () => recorder.ids.includes(id));
      expect(worker.server.parked).toBe(0);
    });
  });
});
