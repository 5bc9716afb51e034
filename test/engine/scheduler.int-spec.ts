import { describe, expect, it } from '@jest/globals';
import type { Schedule, ScheduleStore, ScheduleTerms, Task } from '@app/tasks';
import { taskId } from '../../libs/persistence/test/builders.js';
import { engineFor, gate, until, type Engine } from './engine.js';

const MINUTE_MS = 60_000;

function termsOf(given: Partial<ScheduleTerms> = {}): ScheduleTerms {
  return {
    title: 'A schedule',
    cron: '* * * * *',
    timeZone: 'UTC',
    task: { type: 'test.work', payload: { n: 1 } },
    request: {},
    overlap: 'queue',
    missed: 'all',
    maxMissed: 100,
    endsAt: null,
    ...given,
  };
}

/** The latest full minute, by the store's clock. */
async function thisMinute(schedules: ScheduleStore): Promise<number> {
  const now = (await schedules.now()).getTime();
  return now - (now % MINUTE_MS);
}

/** A schedule of every minute that nobody has seen to for so many minutes. */
async function left(engine: Engine, minutes: number, given: Partial<ScheduleTerms> = {}): Promise<string> {
  const id = taskId();
  const nextAt = new Date((await thisMinute(engine.schedules)) - (minutes - 1) * MINUTE_MS);
  await engine.schedules.insert(id, termsOf(given), { status: 'ACTIVE', nextAt });
  return id;
}

const tasksOf = async (engine: Engine, id: string): Promise<Task[]> =>
  (await engine.store.list({ schedule: id }, { size: 200 })).tasks;
const read = async (engine: Engine, id: string): Promise<Schedule> => (await engine.schedules.find(id))!;

describe('Scheduler', () => {
  it('makes the task of a tick, tells the workers, and moves on to the next one', async () => {
    const engine = await engineFor(() => null);
    const id = await left(engine, 1);
    const inMs = await engine.scheduler().look();

    const [task] = await tasksOf(engine, id);
    expect(task).toMatchObject({ type: 'test.work', payload: { n: 1 }, scheduleId: id, status: 'PENDING' });
    expect(await read(engine, id)).toMatchObject({ lastTaskId: task!.id, status: 'ACTIVE' });
    expect((await read(engine, id)).nextAt!.getTime()).toBeGreaterThan((await engine.schedules.now()).getTime() - 1_000);
    expect(inMs).toBeLessThanOrEqual(1_000);
    await until(async () => engine.transport.ids().includes(task!.id));
  });

  it('looks again just when the next tick comes', async () => {
    const engine = await engineFor(() => null);
    const nextAt = new Date((await engine.schedules.now()).getTime() + 300);
    await engine.schedules.insert(taskId(), termsOf(), { status: 'ACTIVE', nextAt });
    const inMs = await engine.scheduler().look();

    expect(inMs).toBeGreaterThan(50);
    expect(inMs).toBeLessThanOrEqual(300);
  });

  it.each([
    ['none', 100, 1],
    ['last', 100, 2],
    ['all', 100, 5],
    ['all', 2, 3],
  ] as const)('makes up for missed ticks by the policy %s, at most %i', async (missed, maxMissed, expected) => {
    const engine = await engineFor(() => null);
    const id = await left(engine, 5, { missed, maxMissed });
    const scheduler = engine.scheduler();
    // The run at work is finished again and again, so that the ticks that wait for it come one by one.
    await until(async () => {
      await scheduler.look();
      for (const task of await tasksOf(engine, id)) if (task.status === 'PENDING') await engine.executor.execute(task.id);
      return (await read(engine, id)).waiting === 0;
    });

    const made = (await tasksOf(engine, id)).length;
    // A minute may have begun while we looked.
    expect([expected, expected + 1]).toContain(made);
  });

  it('skips ticks while a task runs, and goes on when it has ended', async () => {
    const { opened, open } = gate();
    const engine = await engineFor(() => opened);
    const id = await left(engine, 1, { overlap: 'skip' });
    const scheduler = engine.scheduler();
    await scheduler.look();
    const [first] = await tasksOf(engine, id);
    const running = engine.executor.execute(first!.id);
    await until(async () => (await engine.read(first!.id)).status === 'PROCESSING');
    const setBack = async (minutes: number) => {
      const { version } = await read(engine, id);
      await engine.schedules.update(id, version, {
        nextAt: new Date((await thisMinute(engine.schedules)) - minutes * MINUTE_MS),
      });
    };
    await setBack(2);
    await scheduler.look();
    expect(await tasksOf(engine, id)).toHaveLength(1);

    open();
    await running;
    await setBack(5);
    await scheduler.look();
    expect(await tasksOf(engine, id)).toHaveLength(2);
  });

  it('leaves a schedule alone whose type this build does not know, and says so once', async () => {
    const engine = await engineFor(() => null);
    const id = await left(engine, 1, { task: { type: 'no.such' } });
    const other = await left(engine, 1);
    const before = await read(engine, id);
    await engine.scheduler().look();

    expect(await read(engine, id)).toEqual(before);
    expect(await tasksOf(engine, other)).toHaveLength(1);
  });

  it('ends a schedule after its last tick', async () => {
    const engine = await engineFor(() => null);
    const endsAt = new Date((await engine.schedules.now()).getTime() + 1);
    const id = await left(engine, 1, { endsAt });
    await engine.scheduler().look();

    expect(await read(engine, id)).toMatchObject({ status: 'ENDED', nextAt: null });
    expect(await tasksOf(engine, id)).toHaveLength(1);
  });
});
