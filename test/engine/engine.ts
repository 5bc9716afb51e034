import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { Settings } from '@app/config';
import { LocalFiles } from '@app/files';
import { openSqliteStore } from '@app/persistence';
import {
  Executor,
  HandlerRegistry,
  Scheduler,
  Submitter,
  Sweeper,
  TaskHandler,
  TaskStore,
  TaskTransport,
  type ScheduleStore,
  type Announcement,
  type Handler,
  type HandlerOptions,
  type Priority,
  type Submission,
  type Task,
  type TaskContext,
} from '@app/tasks';
import { eventually } from '../support/eventually.js';
import { Announcer } from '../../libs/tasks/src/announcer.js';
import { Pressure } from '../../libs/tasks/src/pressure.js';

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A transport that keeps what it was given, so that a test sees what was announced and says how deep the queues are. */
export class RecordedAnnouncements extends TaskTransport {
  readonly announced: Announcement[] = [];
  queued: Record<Priority, number> = { low: 0, normal: 0, high: 0 };

  async announce(announcements: readonly Announcement[]): Promise<void> {
    this.announced.push(...announcements);
  }

  async depth(): Promise<Record<Priority, number>> {
    return { ...this.queued };
  }

  async ping(): Promise<void> {}

  ids(): string[] {
    return this.announced.map(({ id }) => id);
  }
}

type Work = (payload: unknown, context: TaskContext) => unknown;

function handlerOf(work: Work, options: Partial<HandlerOptions>): Handler {
  @TaskHandler({ type: 'test.work', title: 'Work', timeoutSeconds: 60, ...options })
  class TestHandler implements Handler {
    async run(payload: unknown, context: TaskContext): Promise<unknown> {
      return work(payload, context);
    }
  }
  return new TestHandler();
}

export interface Engine {
  store: TaskStore;
  storage: LocalFiles;
  transport: RecordedAnnouncements;
  executor: Executor;
  /** Another worker on the same rows. */
  worker(work: Work, options?: { leaseMs?: number; type?: string }): Executor;
  sweeper(options?: { maxCrashes?: number; announcedAreLost?: boolean }): Sweeper;
  schedules: ScheduleStore;
  scheduler(): Scheduler;
  submit(submission?: Submission): Promise<string>;
  read(id: string): Promise<Task>;
}

/** The engine on a real SQLite store, with one handler for `test.work`. */
export async function engineFor(
  work: Work,
  options: { leaseMs?: number; concurrency?: number; type?: Partial<HandlerOptions>; maxResultBytes?: number } = {},
): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const store = await openSqliteStore({ ...new Settings(), databaseUrl: `sqlite:${folder}/tasks.db` });
  cleanups.push(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const storage = new LocalFiles({ folder: join(folder, 'files'), maxBytes: 1_000_000 });
  const transport = new RecordedAnnouncements();
  const announcer = new Announcer(transport);
  const registry = new HandlerRegistry([handlerOf(work, options.type ?? {})]);
  const submitter = new Submitter(store, registry, announcer, new Pressure());
  let workers = 0;
  const workerOf = (types: HandlerRegistry, leaseMs = options.leaseMs ?? 30_000) => {
    const { concurrency = 8, maxResultBytes = 1_000_000 } = options;
    const terms = { workerId: `worker-${++workers}`, leaseMs, concurrency, maxCrashes: 3, maxResultBytes };
    const executor = new Executor(store, storage, types, announcer, terms);
    cleanups.push(() => executor.drain(0));
    return executor;
  };
  return {
    store,
    storage,
    transport,
    executor: workerOf(registry),
    worker: (otherWork, { leaseMs, type = 'test.work' } = {}) =>
      workerOf(new HandlerRegistry([handlerOf(otherWork, { type })]), leaseMs),
    sweeper: ({ maxCrashes = 3, announcedAreLost } = {}) =>
      new Sweeper(store, transport, { intervalMs: 60_000, maxCrashes: () => maxCrashes, announcedAreLost }),
    schedules: store.schedules,
    scheduler: () => new Scheduler(store.schedules, registry, announcer),
    submit: async (submission = {}) => (await submitter.submit([{ type: 'test.work', ...submission }]))[0]!,
    read: async (id) => (await store.find(id))!,
  };
}

/** Waits for a condition on the rows. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  await eventually('the condition', condition, { within: 4_500, every: 5 });
}

/** A promise with its resolver, for handlers that a test lets go on. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
