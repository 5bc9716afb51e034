import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import {
  AttemptTimeout,
  Canceller,
  Draining,
  LeaseLost,
  PermanentFailure,
  StoreUnavailable,
  TransientFailure,
  WorkerStopping,
} from '@app/tasks';
import { Announcer } from '../../libs/tasks/src/announcer.js';
import { engineFor, gate, until, type Engine } from './engine.js';

const untilAborted = async (signal: AbortSignal): Promise<Error> => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason as Error;
};

describe('Executor', () => {
  it('gives the handler its payload and the task its result', async () => {
    const engine = await engineFor((payload, { attempt }) => ({ got: payload, attempt }));
    const id = await engine.submit({ payload: { n: 1 } });

    expect(await engine.executor.execute(id)).toBe('settled');
    expect(await engine.read(id)).toMatchObject({ status: 'COMPLETED', result: { got: { n: 1 }, attempt: 1 }, attempt: 1 });
  });

  it('skips what is unknown, done, or not due yet', async () => {
    const engine = await engineFor(() => null);
    const done = await engine.submit();
    await engine.executor.execute(done);
    const later = await engine.submit({ delaySeconds: 3_600 });

    for (const id of [done, later, '019b0000-0000-7000-8000-000000000000']) {
      expect(await engine.executor.execute(id)).toBe('skipped');
    }
  });

  it('runs no more handlers side by side than it may, and hands back what found no turn, at no cost to it', async () => {
    const { opened, open } = gate();
    let running = 0;
    let most = 0;
    const engine = await engineFor(
      async () => {
        most = Math.max(most, ++running);
        await opened;
        running--;
      },
      { concurrency: 2 },
    );
    const ids = await Promise.all([1, 2, 3].map(() => engine.submit()));
    const executions = ids.map((id) => engine.executor.execute(id));
    const waiting = async () =>
      (await Promise.all(ids.map((id) => engine.read(id)))).filter(({ status }) => status === 'PENDING');
    await until(async () => running === 2 && (await waiting()).length === 1);
    open();
    await Promise.all(executions);
    const [handedBack] = await waiting();

    expect(most).toBe(2);
    expect(handedBack).toMatchObject({ attempt: 1, failures: 0, crashes: 0, error: null });
    expect(await engine.executor.execute(handedBack!.id)).toBe('settled');
  });

  it('says that a handler has ended before its outcome is written, so that the next task can be given', async () => {
    const engine = await engineFor(() => null);
    const id = await engine.submit();
    const seen: string[] = [];
    const written = engine.executor.execute(id, () => seen.push('ran')).then(() => seen.push('written'));
    await written;

    expect(seen).toEqual(['ran', 'written']);
  });

  it('leaves a task of a type it does not know to another worker, which hears of it soon, also while the queue is long', async () => {
    const engine = await engineFor(() => 'done');
    const id = await engine.submit();
    await engine.worker(() => null, { type: 'test.other' }).execute(id);
    await until(async () => (await engine.read(id)).runAt > (await engine.read(id)).updatedAt);
    engine.transport.announced.length = 0;
    engine.transport.queued.normal = 50_000;
    await until(async () => (await engine.store.due(1)).length === 1);
    await engine.sweeper().sweep();

    expect(engine.transport.ids()).toContain(id);
    expect(await engine.executor.execute(id)).toBe('settled');
    expect(await engine.read(id)).toMatchObject({ status: 'COMPLETED', attempt: 1 });
  });

  it('waits longer each time for a worker that knows the type', async () => {
    const engine = await engineFor(() => 'done');
    const id = await engine.submit();
    const stranger = engine.worker(() => null, { type: 'test.other' });
    const putOffMs = async () => {
      const before = (await engine.read(id)).updatedAt;
      await stranger.execute(id);
      await until(async () => (await engine.read(id)).updatedAt > before);
      const { runAt, updatedAt } = await engine.read(id);
      return runAt.getTime() - updatedAt.getTime();
    };

    expect(await putOffMs()).toBe(2_000);
    await until(async () => (await engine.store.unclaimed([id])).length === 1);
    expect(await putOffMs()).toBe(4_000);
  });

  it('runs a task once, however often it is announced at once', async () => {
    let runs = 0;
    const engine = await engineFor(() => ++runs);
    const id = await engine.submit();
    const others = [1, 2, 3].map(() => engine.worker(() => ++runs));
    await Promise.all([engine.executor, ...others].flatMap((worker) => [worker.execute(id), worker.execute(id)]));

    expect(runs).toBe(1);
  });

  it('puts a task whose handler threw back in line and keeps the reason', async () => {
    const engine = await engineFor(() => {
      throw new Error('no luck');
    });
    const id = await engine.submit();
    await engine.executor.execute(id);

    const error = { kind: 'error', message: 'no luck', attempt: 1 };
    expect(await engine.read(id)).toMatchObject({ status: 'PENDING', failures: 1, error });
    expect(await engine.store.pastAttempts(id)).toMatchObject([{ attempt: 1, error }]);
  });

  it('waits at least as long as the handler was asked to, but no longer than the task allows', async () => {
    const engine = await engineFor(() => {
      throw new TransientFailure('busy', { retryAfterMs: 3_600_000 });
    });
    const [patient, hasty] = [await engine.submit(), await engine.submit({ retry: { maxDelaySeconds: 60 } })];
    const waits = async (id: string) => {
      await engine.executor.execute(id);
      const { runAt, updatedAt, status } = await engine.read(id);
      expect(status).toBe('PENDING');
      return runAt.getTime() - updatedAt.getTime();
    };

    expect([await waits(patient), await waits(hasty)]).toEqual([300_000, 60_000]);
  });

  it('waits as the task says, else as its type says', async () => {
    const engine = await engineFor(
      () => {
        throw new Error('no luck');
      },
      { type: { retry: { firstDelaySeconds: 100 } } },
    );
    const waits = async (id: string) => {
      await engine.executor.execute(id);
      const { runAt, updatedAt } = await engine.read(id);
      return runAt.getTime() - updatedAt.getTime();
    };

    expect(await waits(await engine.submit({ retry: { firstDelaySeconds: 0 } }))).toBe(0);
    expect(await waits(await engine.submit())).toBeGreaterThanOrEqual(50_000);
  });

  it('keeps what a handler says about itself, whatever becomes of the attempt', async () => {
    const engine = await engineFor((_, { progress, log, attempt }) => {
      progress(attempt, 2, 'working');
      log('looks bad', 'warn');
      if (attempt === 1) throw new Error('no luck');
    });
    const id = await engine.submit({ retry: { firstDelaySeconds: 0 } });
    await engine.executor.execute(id);
    const failed = await engine.read(id);
    await engine.executor.execute(id);

    expect(failed).toMatchObject({ status: 'PENDING', progress: { current: 1, total: 2, message: 'working' } });
    expect(await engine.read(id)).toMatchObject({ status: 'COMPLETED', progress: { current: 2 } });
    expect(await engine.store.logs(id, { size: 10 })).toMatchObject([
      { attempt: 1, line: 1, level: 'warn', message: 'looks bad' },
      { attempt: 2, line: 1 },
    ]);
  });

  it('keeps the files of a handler, and ends with the same ones when it runs twice', async () => {
    const engine = await engineFor(async (_, { files, attempt }) => {
      await files.write('same.txt', Buffer.from('same'), 'text/plain');
      await files.write('latest.txt', Buffer.from(`by ${attempt}`), 'text/plain');
      if (attempt === 1) throw new Error('no luck');
    });
    const id = await engine.submit({ retry: { firstDelaySeconds: 0 } });
    await engine.executor.execute(id);
    const [, before] = await engine.store.files(id);
    const [latest] = await engine.store.files(id);
    await engine.executor.execute(id);
    const [replaced, after] = await engine.store.files(id);

    expect(after).toMatchObject({ name: 'same.txt', size: 4, storageKey: before!.storageKey });
    expect((await buffer(await engine.storage.open(replaced!.storageKey))).toString()).toBe('by 2');
    await expect(engine.storage.open(latest!.storageKey)).rejects.toThrow('ENOENT');
  });

  it('keeps no file of an attempt that lost its task', async () => {
    const engine = await engineFor(async (_, { files, taskId }) => {
      await new Canceller(engine.store, new Announcer(engine.transport)).cancel(taskId);
      await files.write('late.txt', Buffer.from('late'), 'text/plain');
    });
    const id = await engine.submit();

    expect(await engine.executor.execute(id)).toBe('lost');
    expect(await engine.store.files(id)).toEqual([]);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])('fails an attempt that names a file %j', async (name) => {
    const engine = await engineFor((_, { files }) => files.write(name, Buffer.from('x'), 'text/plain'));
    const id = await engine.submit({ maxAttempts: 1 });
    await engine.executor.execute(id);

    expect((await engine.read(id)).error?.message).toContain('cannot be the name of a file');
  });

  it('shows progress while the handler runs', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(async (_, { progress }) => {
      progress(1, 2);
      await opened;
    });
    const id = await engine.submit();
    const execution = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).progress?.current === 1);
    open();
    await execution;
  });

  it('hears no more of a handler that was left behind', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(async (_, { log }) => {
      log('first');
      await opened;
      log('too late');
    });
    const id = await engine.submit({ timeoutSeconds: 1, maxAttempts: 1 });
    await engine.executor.execute(id);
    open();
    await opened;

    expect(await engine.store.logs(id, { size: 10 })).toMatchObject([{ message: 'first' }]);
  });

  it('fails a task at once when the handler says that no attempt can do better', async () => {
    const engine = await engineFor(() => {
      throw new PermanentFailure('no such account');
    });
    const id = await engine.submit();
    await engine.executor.execute(id);

    expect(await engine.read(id)).toMatchObject({ status: 'FAILED', error: { kind: 'rejected', message: 'no such account' } });
  });

  it('ends an attempt that takes too long, whether or not its handler listens', async () => {
    const reasons: Error[] = [];
    const engine = await engineFor(async (_, { signal }) => {
      reasons.push(await untilAborted(signal));
      await new Promise(() => undefined);
    });
    const id = await engine.submit({ timeoutSeconds: 1, maxAttempts: 1 });
    await engine.executor.execute(id);

    expect(reasons[0]).toBeInstanceOf(AttemptTimeout);
    expect(await engine.read(id)).toMatchObject({ status: 'FAILED', error: { kind: 'timeout' } });
  });

  it('calls a timeout a timeout also when the handler throws an error of its own upon it', async () => {
    const engine = await engineFor(async (_, { signal }) => {
      await untilAborted(signal);
      throw new Error('The operation was aborted.');
    });
    const id = await engine.submit({ timeoutSeconds: 1, maxAttempts: 1 });
    await engine.executor.execute(id);

    expect((await engine.read(id)).error).toMatchObject({ kind: 'timeout' });
  });

  it.each([
    ['a function', () => () => 1],
    ['a BigInt', () => 1n],
    ['more than the limit', () => 'x'.repeat(5_000)],
  ])('fails a task whose result is %s, and does not try again', async (_name, work) => {
    const engine = await engineFor(work, { maxResultBytes: 2_000 });
    const id = await engine.submit();
    await engine.executor.execute(id);

    expect(await engine.read(id)).toMatchObject({ status: 'FAILED', error: { kind: 'rejected' } });
  });

  it('tells the handler of a cancelled task to stop, and leaves the task cancelled', async () => {
    const reasons: Error[] = [];
    const engine = await engineFor(async (_, { signal }) => {
      reasons.push(await untilAborted(signal));
      return 'too late';
    });
    const id = await engine.submit();
    const execution = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).status === 'PROCESSING');
    await new Canceller(engine.store, new Announcer(engine.transport)).cancel(id);

    expect(await execution).toBe('lost');
    expect(reasons[0]).toBeInstanceOf(LeaseLost);
    expect(await engine.read(id)).toMatchObject({ status: 'CANCELLED', result: null });
  });

  it('keeps the lease of a task that runs longer than it', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(() => opened, { leaseMs: 2_000 });
    const id = await engine.submit();
    const execution = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).status === 'PROCESSING');
    const first = (await engine.read(id)).leaseUntil!;
    await until(async () => (await engine.read(id)).leaseUntil!.getTime() >= first.getTime() + 2_000);
    open();

    expect(await execution).toBe('settled');
  });

  it('hands back on shutdown what did not finish in the grace time, at no cost to the task', async () => {
    const reasons: Error[] = [];
    const engine = await engineFor(async (_, { signal }) => {
      reasons.push(await untilAborted(signal));
      throw reasons[0]!;
    });
    const id = await engine.submit();
    const execution = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).status === 'PROCESSING');
    await engine.executor.drain(50);
    await execution;

    expect(reasons[0]).toBeInstanceOf(WorkerStopping);
    expect(await engine.read(id)).toMatchObject({ status: 'PENDING', failures: 0, crashes: 0, error: null });
    await expect(engine.executor.execute(id)).rejects.toThrow(Draining);
  });

  it('lets running tasks finish within the grace time', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(() => opened);
    const id = await engine.submit();
    const execution = engine.executor.execute(id);
    await until(async () => (await engine.read(id)).status === 'PROCESSING');
    const drained = engine.executor.drain(10_000);
    open();
    await Promise.all([drained, execution]);

    expect((await engine.read(id)).status).toBe('COMPLETED');
  });

  it('renews the lease of a claim whose first answer may have been lost', async () => {
    const engine = await engineFor(() => null, { leaseMs: 2_000 });
    const id = await engine.submit();
    const claim = engine.store.claim.bind(engine.store);
    let grantedAt = 0;
    engine.store.claim = async (ids, terms) => {
      const granted = await claim(ids, terms);
      if (grantedAt > 0) return granted;
      grantedAt = performance.now();
      throw new StoreUnavailable('The answer is lost.');
    };
    const ends: number[] = [];
    const renew = engine.store.renew.bind(engine.store);
    engine.store.renew = async (leases, leaseMs) => {
      ends.push((await engine.read(id)).leaseUntil!.getTime());
      const kept = await renew(leases, leaseMs);
      ends.push((await engine.read(id)).leaseUntil!.getTime());
      return kept;
    };

    expect(await engine.executor.execute(id)).toBe('settled');
    expect(ends[1]! - ends[0]!).toBeGreaterThan(400);
  });
});

/** Rows whose workers went away so often. */
async function submitCrashed(engine: Engine, count: number, crashes: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => engine.submit()));
  for (let crash = 0; crash < crashes; crash++) {
    await engine.store.claim(ids, { workerId: `gone-${crash}`, leaseMs: 0, types: ['test.work'] });
    await until(async () => (await engine.store.expired(count)).length === count);
    await engine.sweeper().sweep();
  }
  return ids;
}

describe('Executor with tasks whose workers went away', () => {
  /** Notes for each task the most that ran at once while it did. */
  const watched = () => {
    const running = new Set<string>();
    const company = new Map<string, number>();
    const work = async (_: unknown, { taskId }: { taskId: string }) => {
      running.add(taskId);
      for (const id of running) company.set(id, Math.max(company.get(id) ?? 0, running.size));
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.delete(taskId);
    };
    return { work, company };
  };

  it('runs a task on its last chance alone, in the middle of others', async () => {
    const { work, company } = watched();
    const engine = await engineFor(work, { concurrency: 8 });
    const last = await submitCrashed(engine, 3, 2);
    const fresh = await Promise.all(Array.from({ length: 20 }, () => engine.submit()));
    await Promise.all([...fresh.slice(0, 10), ...last, ...fresh.slice(10)].map((id) => engine.executor.execute(id)));

    expect(last.map((id) => company.get(id))).toEqual([1, 1, 1]);
    expect(await Promise.all(last.map(async (id) => (await engine.read(id)).status))).toEqual(Array(3).fill('COMPLETED'));
    expect(Math.max(...company.values())).toBeGreaterThan(4);
  });

  it('runs few at once of those that have a chance more, and all of them to their end', async () => {
    const { work, company } = watched();
    const engine = await engineFor(work, { concurrency: 16 });
    const ids = await submitCrashed(engine, 30, 1);
    const executions = await Promise.all(ids.map((id) => engine.executor.execute(id)));

    expect(executions).toEqual(Array(30).fill('settled'));
    expect(Math.max(...company.values())).toBe(4);
  });

  it('takes a single one without handing it back first', async () => {
    const engine = await engineFor(() => null);
    const [[once], [twice]] = [await submitCrashed(engine, 1, 1), await submitCrashed(engine, 1, 2)];
    await engine.executor.execute(once!);
    await engine.executor.execute(twice!);

    expect((await engine.read(once!)).attempt).toBe(2);
    expect((await engine.read(twice!)).attempt).toBe(3);
  });

  it('ends in time while some wait for their company', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(() => opened, { concurrency: 4 });
    const [long, last] = [await engine.submit(), (await submitCrashed(engine, 1, 2))[0]!];
    const executions = [long, last].map((id) => engine.executor.execute(id));
    await until(async () => (await engine.read(last)).attempt === 3 && (await engine.read(last)).status === 'PENDING');
    const drained = engine.executor.drain(10_000);
    open();

    expect(await Promise.allSettled(executions)).toMatchObject([
      { status: 'fulfilled', value: 'settled' },
      { status: 'rejected', reason: { code: 'draining' } },
    ]);
    await drained;
    expect(await engine.read(last)).toMatchObject({ status: 'PENDING', crashes: 2 });
  });
});
