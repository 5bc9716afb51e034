import {
  InvalidSchedule,
  ScheduleNotFound,
  TaskError,
  VersionClash,
  WrongStatus,
  InvalidRequest,
  type Violation,
} from '../errors.js';
import type { HandlerRegistry } from '../registry.js';
import { newTask, type Submission } from '../submission.js';
import { newTaskId } from '../task-id.js';
import { nextState } from './next-state.js';
import type { Schedule, ScheduleState, ScheduleTerms } from './schedule.js';
import type { ScheduleStore } from './schedule-store.js';
import { BadTicks, Ticks } from './ticks.js';

/** A client's terms; without a title it is the task's. */
export type NewSchedule = Omit<ScheduleTerms, 'title'> & { title?: string };

type Change = Partial<ScheduleTerms> & Partial<ScheduleState>;

/** Other clients may change the schedule between our look and our write. */
const MAX_LOOKS = 10;

/** What clients do with schedules. */
export class Schedules {
  constructor(
    private readonly store: ScheduleStore,
    private readonly registry: HandlerRegistry,
  ) {}

  /** @throws InvalidSchedule, StoreUnavailable */
  async create(given: NewSchedule): Promise<Schedule> {
    const taskTitle = this.checkTask(given.task);
    const ticks = ticksOf(given);
    const state = begun(ticks, given.endsAt, await this.store.now());
    const id = newTaskId();
    await this.store.insert(id, { ...given, title: given.title ?? taskTitle }, state);
    return this.find(id);
  }

  /**
   * Makes the schedule of this id if there is none, whatever number of processes does it; one that is there is given the ticks, and stays as
   * it is otherwise.
   */
  async ensure(id: string, given: ScheduleTerms): Promise<void> {
    if (!(await this.store.find(id))) {
      const state = begun(ticksOf(given), given.endsAt, await this.store.now());
      await this.store.insert(id, given, state).catch(async (error: unknown) => {
        // Another process was faster.
        if (!(await this.store.find(id))) throw error;
      });
    }
    const { cron, timeZone } = await this.find(id);
    if (cron !== given.cron || timeZone !== given.timeZone) await this.change(id, { cron: given.cron, timeZone: given.timeZone });
  }

  /** @throws ScheduleNotFound */
  async find(id: string): Promise<Schedule> {
    const schedule = await this.store.find(id);
    if (!schedule) throw new ScheduleNotFound();
    return schedule;
  }

  /**
   * Changes the terms that are given. A new cron expression, time zone or end counts from now on.
   *
   * @param version what the client believes the schedule's version to be; undefined for whatever it is.
   * @throws InvalidSchedule, ScheduleNotFound, VersionClash
   */
  change(id: string, change: Partial<ScheduleTerms>, version?: number): Promise<Schedule> {
    if (change.task) this.checkTask(change.task);
    return this.update(id, version, async (schedule) => {
      const { cron, timeZone, endsAt } = change;
      if (cron === undefined && timeZone === undefined && endsAt === undefined) return change;
      const terms = { ...schedule, ...change };
      const state = begun(ticksOf(terms), terms.endsAt, await this.store.now());
      return schedule.status === 'PAUSED' ? change : { ...change, ...state };
    });
  }

  /** No more ticks until it is resumed; those of the meantime are not missed ones. @throws ScheduleNotFound, WrongStatus */
  pause(id: string): Promise<Schedule> {
    return this.update(id, undefined, async ({ status }) => {
      if (status === 'PAUSED') return null;
      if (status === 'ENDED') throw new WrongStatus('The schedule has ended; there is nothing to pause.');
      return { status: 'PAUSED', nextAt: null };
    });
  }

  /** @throws ScheduleNotFound, WrongStatus if no tick would come any more */
  resume(id: string): Promise<Schedule> {
    return this.update(id, undefined, async (schedule) => {
      if (schedule.status === 'ACTIVE') return null;
      const state = nextState(Ticks.of(schedule), schedule.endsAt, await this.store.now());
      if (state.status === 'ENDED') throw new WrongStatus('The schedule has ended; change its cron or ends_at first.');
      return state;
    });
  }

  /** What its next tick would submit. @throws ScheduleNotFound */
  async submissionOf(id: string): Promise<Submission> {
    return { ...(await this.find(id)).task, scheduleId: id };
  }

  /** Its tasks stay. @throws ScheduleNotFound */
  async delete(id: string): Promise<void> {
    if (!(await this.store.delete(id))) throw new ScheduleNotFound();
  }

  /** @param change answers null if there is nothing to do. */
  private async update(
    id: string,
    version: number | undefined,
    change: (schedule: Schedule) => Promise<Change | null>,
  ): Promise<Schedule> {
    for (let look = 0; look < MAX_LOOKS; look++) {
      const schedule = await this.find(id);
      if (version !== undefined && schedule.version !== version) throw new VersionClash(schedule.version);
      const changed = await change(schedule);
      if (!changed) return schedule;
      if (await this.store.update(id, schedule.version, changed)) return this.find(id);
    }
    throw new WrongStatus('The schedule changed again and again while it was being changed. Try again.');
  }

  /** Answers the title of its tasks. @throws InvalidSchedule for a task that could not be submitted */
  private checkTask(task: Submission): string {
    try {
      return newTask(task, this.registry.get(task.type ?? 'plain')).title;
    } catch (error) {
      if (error instanceof InvalidRequest) throw new InvalidSchedule(error.violations.map(below('/task')));
      if (error instanceof TaskError) throw new InvalidSchedule([{ pointer: '/task/type', detail: error.message }]);
      throw error;
    }
  }
}

function ticksOf(terms: Pick<ScheduleTerms, 'cron' | 'timeZone'>): Ticks {
  try {
    return Ticks.of(terms);
  } catch (error) {
    if (!(error instanceof BadTicks)) throw error;
    throw new InvalidSchedule([{ pointer: error.about === 'cron' ? '/cron' : '/time_zone', detail: error.message }]);
  }
}

/** The state of a schedule that begins now. @throws InvalidSchedule if it would have no tick */
function begun(ticks: Ticks, endsAt: Date | null, now: Date): ScheduleState {
  const state = nextState(ticks, endsAt, now);
  if (state.status === 'ACTIVE') return state;
  if (ticks.after(now)) throw new InvalidSchedule([{ pointer: '/ends_at', detail: 'must not be before the first tick' }]);
  throw new InvalidSchedule([{ pointer: '/cron', detail: 'must name a time that comes' }]);
}

function below(at: string): (violation: Violation) => Violation {
  return ({ pointer, detail }) => ({ pointer: at + pointer, detail });
}
