import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import type { Settings } from '@app/config';
import { Draining, TASK_DUE, type Announcement, type Priority } from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { createWorker, type Receive, type Worker } from './worker.js';

/** Where a contract test runs: settings for queues of its own, and how they are removed. */
export interface Place {
  settings: Settings;
  /** True when a worker gets announcements ahead of a free slot; they do not count as waiting then. */
  sendsAhead: boolean;
  /** For how many announcements one that waits is counted: a message may carry so many. */
  countedAs: number;
  leave(): Promise<void>;
}

export function announcement(priority: Priority = 'normal'): Announcement {
  return { id: randomUUID(), priority };
}

/** A handler that can be kept waiting, and what it was given. */
export class Recorder {
  readonly received: Announcement[] = [];
  running = 0;
  mostAtOnce = 0;
  private release: () => void = () => {};
  private gate: Promise<void> = Promise.resolve();

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  hold(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }

  letGo(): void {
    this.release();
  }

  readonly receive: Receive = async (announcement) => {
    this.received.push(announcement);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    await this.gate;
    this.running--;
  };
}

/** What every transport has to do. */
export function describeTransport(name: string, enter: (overrides: Partial<Settings>) => Promise<Place>): void {
  describe(`${name} transport`, () => {
    let place: Place;
    let workers: Worker[];
    let recorder: Recorder;

    const start = async (receive: Receive = recorder.receive) => {
      const worker = await createWorker(place.settings, receive);
      workers.push(worker);
      await eventually('the transport answers', () =>
        worker.transport.ping().then(
          () => true,
          () => false,
        ),
      );
      return worker;
    };
    const listen = async (worker: Worker) => {
      await worker.listen();
      await eventually('the worker receives', () => worker.server.ready().ok);
    };
    const waiting = async ({ transport }: Worker) =>
      Object.values(await transport.depth()).reduce((sum, count) => sum + count) / place.countedAs;

    beforeEach(async () => {
      workers = [];
      recorder = new Recorder();
      place = await enter({ workerConcurrency: 4 });
    });

    afterEach(async () => {
      recorder.letGo();
      for (const worker of workers) await worker.close();
      await place.leave();
    });

    it('gives an announcement to the handler, once', async () => {
      const worker = await start();
      await listen(worker);
      const due = announcement('high');

      await worker.transport.announce([due]);

      await eventually('the handler has it', () => recorder.received.length > 0);
      expect(recorder.received).toEqual([due]);
    });

    it('takes announcements through emit and completes when they are confirmed', async () => {
      const worker = await start();
      const due = [announcement(), announcement()];

      await lastValueFrom(worker.client.emit(TASK_DUE, due), { defaultValue: undefined });

      await eventually('both wait', async () => (await waiting(worker)) === 2);
    });

    it('does nothing for an empty list', async () => {
      const worker = await start();

      await worker.transport.announce([]);

      expect(await waiting(worker)).toBe(0);
    });

    it('counts at least what waits, by class', async () => {
      const worker = await start();

      await worker.transport.announce([announcement('high'), announcement('low'), announcement('low')]);

      await eventually('all are counted', async () => (await waiting(worker)) === 3);
      expect(await worker.transport.depth()).toEqual({ high: place.countedAs, normal: 0, low: 2 * place.countedAs });
    });

    it('runs no more handlers than there are slots', async () => {
      const worker = await start();
      recorder.hold();
      await listen(worker);

      await worker.transport.announce(Array.from({ length: 20 }, () => announcement()));
      await eventually('the slots are full', () => recorder.running === 4);
      expect(worker.server.freeSlots).toBe(0);
      recorder.letGo();

      await eventually('all are done', () => recorder.received.length === 20 && recorder.running === 0);
      expect(recorder.mostAtOnce).toBe(4);
    });

    it('serves the highest class first when a slot is free', async () => {
      const worker = await start();
      recorder.hold();
      await listen(worker);
      await worker.transport.announce([announcement('high'), announcement('normal'), announcement('low'), announcement('low')]);
      await eventually('the slots are full', () => recorder.running === 4);
      const [low, normal, high] = [announcement('low'), announcement('normal'), announcement('high')];
      await worker.transport.announce([low, normal, high]);
      await eventually('all have arrived', async () => (await waiting(worker)) === (place.sendsAhead ? 0 : 3));

      recorder.letGo();

      await eventually('all are done', () => recorder.received.length === 7);
      expect(recorder.ids.slice(4)).toEqual([high.id, normal.id, low.id]);
    });

    it('keeps the order within a class', async () => {
      const worker = await start();
      const due = Array.from({ length: 50 }, () => announcement());
      await worker.transport.announce(due);

      await listen(worker);

      await eventually('all are received', () => recorder.received.length === 50);
      expect(recorder.ids).toEqual(due.map(({ id }) => id));
    });

    it('frees the slot and forgets the announcement when the handler fails', async () => {
      const worker = await start((due) => {
        recorder.received.push(due);
        throw new Error('a defect');
      });
      await listen(worker);

      await worker.transport.announce(Array.from({ length: 20 }, () => announcement()));

      await eventually('all were tried', () => recorder.received.length === 20);
      await eventually('nothing is left', async () => worker.server.running === 0 && (await waiting(worker)) === 0);
      expect(new Set(recorder.ids).size).toBe(20);
    });

    it('hands an announcement back when the handler is draining, and takes no more', async () => {
      const worker = await start((due) => {
        recorder.received.push(due);
        throw new Draining();
      });
      await listen(worker);

      await worker.transport.announce([announcement()]);

      await eventually('it waits again', async () => recorder.received.length > 0 && (await waiting(worker)) === 1);
      expect(worker.server.ready()).toEqual({ ok: false, reason: 'paused' });
      expect(recorder.received).toHaveLength(1);
    });

    it('starts nothing after a pause, and lets what runs come to its end', async () => {
      const worker = await start();
      recorder.hold();
      await listen(worker);
      await worker.transport.announce(Array.from({ length: 7 }, () => announcement()));
      await eventually('the slots are full', () => recorder.running === 4);

      await worker.server.pause();
      recorder.letGo();

      await eventually('what ran is done', () => worker.server.running === 0);
      await eventually('the rest waits', async () => (await waiting(worker)) === 3);
      expect(recorder.received).toHaveLength(4);
    });

    it('says that it does not receive before it listens', async () => {
      const worker = await start();

      expect(worker.server.ready()).toEqual({ ok: false, reason: 'not listening yet' });
    });
  });
}
