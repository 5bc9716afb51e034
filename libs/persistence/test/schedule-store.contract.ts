import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  complete,
  type Firing,
  type NewTask,
  type ScheduleStore,
  type ScheduleTerms,
  type TaskIn,
  type TaskStore,
} from '@app/tasks';
import { eventually } from '../../../test/support/eventually.js';
import { newTask, taskId } from './builders.js';

const AGAIN_MS = 60_000;
const YEAR_MS = 365 * 24 * 3_600_000;

export interface OpenedStores {
  store: TaskStore & { schedules: ScheduleStore };
  close(): Promise<void>;
}

function termsOf(given: Partial<ScheduleTerms> = {}): ScheduleTerms {
  return {
    title: 'Nightly report – grün',
    cron: '* * * * *',
    timeZone: 'Europe/Berlin',
    task: { type: 'test.echo', payload: { n: 1, text: 'ü' }, tags: ['a'] },
    request: { type: 'test.echo', payload: { n: 1, text: 'ü' }, max_attempts: 2 },
    overlap: 'queue',
    missed: 'all',
    maxMissed: 7,
    endsAt: new Date('2031-01-01T00:00:00.123Z'),
    ...given,
  };
}

/** What every store of schedules must do, whatever keeps its rows. */
export function describeScheduleStore(name: string, open: () => Promise<OpenedStores>): void {
  describe(`ScheduleStore on ${name}`, () => {
    let opened: OpenedStores;
    let tasks: TaskStore;
    let store: ScheduleStore;

    beforeAll(async () => {
      opened = await open();
      tasks = opened.store;
      store = opened.store.schedules;
      await eventually('the store answers', () => tasks.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    /** A schedule whose next tick is so far from now. */
    async function scheduled(given: Partial<ScheduleTerms> = {}, inMs = -1_000) {
      const id = taskId();
      const nextAt = new Date((await store.now()).getTime() + inMs);
      await store.insert(id, termsOf(given), { status: 'ACTIVE', nextAt });
      return { id, nextAt };
    }

    function firingOf({ id, nextAt }: { id: string; nextAt: Date }, given: Partial<Firing> = {}): Firing {
      return {
        scheduleId: id,
        from: { version: 1, nextAt },
        overlap: 'queue',
        ticks: [{ at: nextAt, task: newTask({ scheduleId: id }) }],
        set: { status: 'ACTIVE', nextAt: new Date(nextAt.getTime() + YEAR_MS) },
        ...given,
      };
    }

    const ticksOf = (from: Date, tasks: readonly (NewTask | null)[]) =>
      tasks.map((task, n) => ({ at: new Date(from.getTime() + n), task }));

    async function finish(id: string): Promise<void> {
      const [task] = await tasks.claim([id], { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] });
      await tasks.settle([complete(task as TaskIn<'PROCESSING'>, 'null')]);
    }

    it('gives back what it was given', async () => {
      const { id, nextAt } = await scheduled();

      expect(await store.find(id)).toMatchObject({
        ...termsOf(),
        id,
        status: 'ACTIVE',
        nextAt,
        lastAt: null,
        lastTaskId: null,
        waiting: 0,
        version: 1,
      });
      expect(await store.find(taskId())).toBeNull();
      expect(await store.find('ü')).toBeNull();
    });

    it('changes what is named, and only the version it was decided on', async () => {
      const { id, nextAt } = await scheduled();

      expect(await store.update(id, 1, { title: 'Other', endsAt: null, task: { payload: 2 } })).toBe(true);
      expect(await store.update(id, 1, { title: 'Too late' })).toBe(false);
      expect(await store.update(id, 2, { status: 'PAUSED', nextAt: null })).toBe(true);
      expect(await store.find(id)).toMatchObject({
        title: 'Other',
        endsAt: null,
        task: { payload: 2 },
        cron: '* * * * *',
        status: 'PAUSED',
        nextAt: null,
        version: 3,
      });
      expect(nextAt).toBeInstanceOf(Date);
    });

    it('lists them newest first, page by page', async () => {
      const ids = [await scheduled({}, YEAR_MS), await scheduled({}, YEAR_MS), await scheduled({}, YEAR_MS)].map(({ id }) => id);
      const first = await store.list({ size: 2 });
      const second = await store.list({ size: 2, before: first.next! });

      expect(first.schedules.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
      expect(second.schedules[0]!.id).toBe(ids[0]);
      expect((await store.list({ size: 1_000 })).next).toBeNull();
    });

    it('tells those that are due by its own clock, soonest first', async () => {
      const soon = await scheduled({}, 5_000);
      const late = await scheduled({}, -60_000);
      const far = await scheduled({}, 60_000);
      const paused = await scheduled({}, -60_000);
      await store.update(paused.id, 1, { status: 'PAUSED', nextAt: null });

      const due = (await store.due(20_000, 1_000)).map(({ schedule }) => schedule.id);
      expect(due.indexOf(late.id)).toBeLessThan(due.indexOf(soon.id));
      expect(due).toEqual(expect.arrayContaining([late.id, soon.id]));
      expect(due).not.toEqual(expect.arrayContaining([far.id]));
      expect(due).not.toEqual(expect.arrayContaining([paused.id]));
      const [first] = await store.due(20_000, 1);
      expect(Math.abs(first!.now.getTime() - (await store.now()).getTime())).toBeLessThan(5_000);
    });

    it('commits the task of a tick, moves on, and does it once', async () => {
      const schedule = await scheduled();
      const firing = firingOf(schedule);
      const task = firing.ticks[0]!.task!;

      expect(await store.fire(firing, AGAIN_MS)).toEqual([task]);
      expect(await store.fire(firing, AGAIN_MS)).toBeNull();
      expect(await store.find(schedule.id)).toMatchObject({
        lastAt: schedule.nextAt,
        lastTaskId: task.id,
        nextAt: firing.set.nextAt,
        version: 1,
      });
      expect(await tasks.find(task.id)).toMatchObject({ status: 'PENDING', scheduleId: schedule.id });
      expect((await tasks.list({ schedule: schedule.id }, { size: 10 })).tasks.map(({ id }) => id)).toEqual([task.id]);
    });

    it('lets one of many that come together see to a tick', async () => {
      const schedule = await scheduled();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.fire(firingOf(schedule), AGAIN_MS)));

      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await tasks.list({ schedule: schedule.id }, { size: 10 })).tasks).toHaveLength(1);
    });

    it('never sees to a tick twice, also when the schedule was set back', async () => {
      const schedule = await scheduled();
      await store.fire(firingOf(schedule), AGAIN_MS);
      await store.update(schedule.id, 1, { nextAt: schedule.nextAt });
      const second = firingOf(schedule, { from: { version: 2, nextAt: schedule.nextAt } });

      expect(await store.fire(second, AGAIN_MS)).toEqual([]);
      expect(await store.find(schedule.id)).toMatchObject({ nextAt: second.set.nextAt });
      expect((await tasks.list({ schedule: schedule.id }, { size: 10 })).tasks).toHaveLength(1);
    });

    it('does nothing for a schedule that was changed, paused or deleted meanwhile', async () => {
      const [changed, paused, deleted] = [await scheduled(), await scheduled(), await scheduled()];
      await store.update(changed.id, 1, { title: 'Other' });
      await store.update(paused.id, 1, { status: 'PAUSED' });
      expect(await store.delete(deleted.id)).toBe(true);
      expect(await store.delete(deleted.id)).toBe(false);

      for (const schedule of [changed, paused, deleted]) expect(await store.fire(firingOf(schedule), AGAIN_MS)).toBeNull();
    });

    it('skips a tick while an earlier task has not ended', async () => {
      const schedule = await scheduled();
      const [first, second] = [newTask({ scheduleId: schedule.id }), newTask({ scheduleId: schedule.id })];
      const ticks = ticksOf(schedule.nextAt, [first, second]);

      expect(await store.fire(firingOf(schedule, { ticks, overlap: 'skip' }), AGAIN_MS)).toEqual([first]);
      expect(await store.find(schedule.id)).toMatchObject({ waiting: 0, lastAt: ticks[1]!.at, lastTaskId: first.id });
    });

    it('keeps ticks waiting until the task before has ended, and lets them go one by one', async () => {
      const schedule = await scheduled();
      const first = newTask({ scheduleId: schedule.id });
      const ticks = ticksOf(schedule.nextAt, [first, newTask(), newTask()]);
      await store.fire(firingOf(schedule, { ticks }), AGAIN_MS);
      const state = async () => (await store.waiting(1_000)).find((waiting) => waiting.schedule.id === schedule.id);

      expect(await state()).toMatchObject({ busy: true, schedule: { waiting: 2 } });
      expect(await store.release(schedule.id, newTask(), AGAIN_MS)).toBe(false);
      await finish(first.id);
      expect(await state()).toMatchObject({ busy: false });
      const racers = [newTask({ scheduleId: schedule.id }), newTask({ scheduleId: schedule.id })];
      const released = await Promise.all(racers.map((task) => store.release(schedule.id, task, AGAIN_MS)));
      expect(released.filter(Boolean)).toHaveLength(1);
      const next = racers[released.indexOf(true)]!;
      expect(await state()).toMatchObject({ busy: true, schedule: { waiting: 1, lastTaskId: next.id } });
      await finish(next.id);
      expect(await store.release(schedule.id, null, AGAIN_MS)).toBe(true);
      expect(await state()).toBeUndefined();
      expect(await store.release(schedule.id, newTask(), AGAIN_MS)).toBe(false);
    });

    it('lets no tick go while the schedule is paused, and forgets those of a deleted one', async () => {
      const schedule = await scheduled();
      const first = newTask();
      await store.fire(firingOf(schedule, { ticks: ticksOf(schedule.nextAt, [first, newTask()]) }), AGAIN_MS);
      await finish(first.id);
      await store.update(schedule.id, 1, { status: 'PAUSED', nextAt: null });

      expect((await store.waiting(1_000)).some((waiting) => waiting.schedule.id === schedule.id)).toBe(false);
      expect(await store.release(schedule.id, newTask(), AGAIN_MS)).toBe(false);
      await store.delete(schedule.id);
      expect(await store.release(schedule.id, newTask(), AGAIN_MS)).toBe(false);
    });

    it('keeps a task that is refused from being made, but the tick as seen to', async () => {
      const schedule = await scheduled();

      expect(await store.fire(firingOf(schedule, { ticks: [{ at: schedule.nextAt, task: null }] }), AGAIN_MS)).toEqual([]);
      expect(await store.find(schedule.id)).toMatchObject({ lastAt: schedule.nextAt, lastTaskId: null });
    });

    it('ends a schedule', async () => {
      const schedule = await scheduled();
      await store.fire(firingOf(schedule, { set: { status: 'ENDED', nextAt: null } }), AGAIN_MS);

      expect(await store.find(schedule.id)).toMatchObject({ status: 'ENDED', nextAt: null });
    });

    it('forgets ticks of long ago, but not those that wait', async () => {
      const schedule = await scheduled({}, -YEAR_MS);
      const task = newTask();
      const ticks = ticksOf(schedule.nextAt, [task, null, newTask()]);
      await store.fire(firingOf(schedule, { ticks }), AGAIN_MS);

      expect(await store.forgetFires(YEAR_MS / 2, 1)).toBe(1);
      expect(await store.forgetFires(YEAR_MS / 2, 100)).toBe(1);
      await finish(task.id);
      expect(await store.release(schedule.id, newTask(), AGAIN_MS)).toBe(true);
    });
  });
}
