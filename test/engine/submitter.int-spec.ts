import { describe, expect, it } from '@jest/globals';
import {
  Changes,
  HandlerRegistry,
  KeyInUse,
  KeyReused,
  Submitter,
  TaskHandler,
  UnknownType,
  Watcher,
  type Handler,
} from '@app/tasks';
import { Announcer } from '../../libs/tasks/src/announcer.js';
import { Pressure } from '../../libs/tasks/src/pressure.js';
import { engineFor, type Engine, until } from './engine.js';

@TaskHandler({ type: 'test.work', title: 'Work', timeoutSeconds: 60 })
class Work implements Handler {
  run(): null {
    return null;
  }
}

function submitterOf(engine: Engine): Submitter {
  return new Submitter(engine.store, new HandlerRegistry([new Work()]), new Announcer(engine.transport), new Pressure());
}

const once = (key: string, fingerprint = 'f') => ({
  key,
  fingerprint,
  answer: (ids: readonly string[]) => ({ task_id: ids[0] }),
  keepMs: 60_000,
});

describe('Submitter', () => {
  it('announces what it committed, but not what is due later', async () => {
    const engine = await engineFor(() => null);
    const now = await engine.submit();
    const later = await engine.submit({ delaySeconds: 3_600 });
    await until(async () => engine.transport.ids().includes(now));

    expect(engine.transport.ids()).not.toContain(later);
    expect((await engine.read(later)).status).toBe('PENDING');
  });

  it('commits all of a group or none', async () => {
    const engine = await engineFor(() => null);
    const submitter = submitterOf(engine);

    await expect(submitter.submit([{ type: 'test.work' }, { type: 'nope' }])).rejects.toThrow(UnknownType);
    expect((await engine.store.list({}, { size: 10 })).tasks).toEqual([]);
  });

  it('gives the same answer to the same key and request, and inserts once', async () => {
    const engine = await engineFor(() => null);
    const first = await submitterOf(engine).submitOnce([{ type: 'test.work' }], once('k'));
    const second = await submitterOf(engine).submitOnce([{ type: 'test.work' }], once('k'));

    expect(second).toEqual(first);
    expect((await engine.store.list({}, { size: 10 })).tasks).toHaveLength(1);
  });

  it('refuses a key that was used for another request', async () => {
    const engine = await engineFor(() => null);
    const submitter = submitterOf(engine);
    await submitter.submitOnce([{ type: 'test.work' }], once('k', 'one'));

    await expect(submitter.submitOnce([{ type: 'test.work' }], once('k', 'two'))).rejects.toThrow(KeyReused);
  });

  it('says so while the first request with a key is under way', async () => {
    const engine = await engineFor(() => null);
    const submitter = submitterOf(engine);
    const first = submitter.submitOnce([{ type: 'test.work' }], once('k'));

    await expect(submitter.submitOnce([{ type: 'test.work' }], once('k'))).rejects.toThrow(KeyInUse);
    await first;
  });
});

describe('Watcher', () => {
  it('returns when the task is final', async () => {
    const engine = await engineFor(() => null);
    const id = await engine.submit();
    const waiting = new Watcher(engine.store, new Changes()).untilFinal(id, 30_000);
    await engine.executor.execute(id);
    await waiting;

    expect((await engine.read(id)).status).toBe('COMPLETED');
  });

  it('returns when the time is up or nobody waits any more', async () => {
    const engine = await engineFor(() => null);
    const id = await engine.submit({ delaySeconds: 3_600 });
    const watcher = new Watcher(engine.store, new Changes());
    const gone = new AbortController();
    const waits = [watcher.untilFinal(id, 20), watcher.untilFinal(id, 30_000, gone.signal)];
    gone.abort();
    await Promise.all(waits);

    expect((await engine.read(id)).status).toBe('PENDING');
  });
});
