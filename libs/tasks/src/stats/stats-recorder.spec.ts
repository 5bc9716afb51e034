import { expect, it } from '@jest/globals';
import type { DutyStore } from '../duty-store.js';
import { HOUR_SECONDS, MINUTE_SECONDS, QUARTER_SECONDS, StatsRecorder } from './stats-recorder.js';
import { StatsStore, type Figures, type StatsClock } from './stats-store.js';

const HOUR = Date.UTC(2027, 0, 1, 9);
const minute = (n: number) => new Date(HOUR + n * 60_000);

/** Says that one task of each of two types was submitted in every slice of time, and keeps what it is given. */
class Steady extends StatsStore {
  readonly kept = new Map<string, Figures[]>();
  measured = 0;

  constructor(private now: Date) {
    super();
  }
  async clock(stepSeconds: number): Promise<StatsClock> {
    const times = [...this.kept.keys()]
      .filter((key) => key.startsWith(`${stepSeconds} `))
      .map((key) => Number(key.split(' ')[1]));
    return { last: times.length > 0 ? new Date(Math.max(...times)) : null, now: this.now };
  }
  async measure(from: Date): Promise<Figures[]> {
    this.measured++;
    const counts = { submitted: 1, started: 0, completed: 1, failed: 0, cancelled: 0 };
    return ['a', 'b'].map((type) => ({ at: from, type, ...counts, waits: { 3: 1 }, runs: {} }));
  }
  async keep(stepSeconds: number, at: Date, figures: readonly Omit<Figures, 'at'>[]): Promise<void> {
    this.kept.set(
      `${stepSeconds} ${at.getTime()}`,
      figures.map((one) => ({ ...one, at })),
    );
  }
  async figures(stepSeconds: number, from: Date, to: Date): Promise<Figures[]> {
    return [...this.kept].flatMap(([key, figures]) => {
      const [step, at] = key.split(' ').map(Number);
      return step === stepSeconds && at! >= from.getTime() && at! < to.getTime() ? figures : [];
    });
  }
  at(stepSeconds: number, at: Date): Figures[] | undefined {
    return this.kept.get(`${stepSeconds} ${at.getTime()}`);
  }
  move(now: Date): void {
    this.now = now;
  }
  async types(): Promise<never[]> {
    return [];
  }
  async counts(): Promise<never[]> {
    return [];
  }
  async oldestWaiting(): Promise<null> {
    return null;
  }
  async failures(): Promise<never[]> {
    return [];
  }
  async forget(): Promise<void> {}
}

const always: DutyStore = { take: async () => true };
const never: DutyStore = { take: async () => false };

function recorder(stats: StatsStore, duties = always): StatsRecorder {
  const made = new StatsRecorder(stats, duties, 'w');
  made.start();
  return made;
}

it('keeps every minute once it is over, then quarters and hours', async () => {
  const stats = new Steady(new Date(minute(1).getTime() + 10_000));
  const one = recorder(stats);
  await one.record();
  expect(stats.at(MINUTE_SECONDS, minute(0))).toHaveLength(2);
  stats.move(new Date(minute(60).getTime() + 10_000));
  await one.record();
  await one.stop();

  expect(stats.at(MINUTE_SECONDS, minute(59))![0]).toMatchObject({ type: 'a', submitted: 6, waits: { 3: 6 } });
  expect(stats.at(QUARTER_SECONDS, minute(15))![0]).toMatchObject({ type: 'a', submitted: 90 });
  expect(stats.at(HOUR_SECONDS, minute(0))![1]).toMatchObject({ type: 'b', submitted: 360, completed: 360 });
});

it('waits until what ended in the minute is committed', async () => {
  const stats = new Steady(new Date(minute(1).getTime() + 1_000));
  await stats.keep(MINUTE_SECONDS, minute(-1), []);
  const one = recorder(stats);
  await one.record();
  await one.stop();

  expect(stats.measured).toBe(0);
});

it('makes up for an hour at most', async () => {
  const stats = new Steady(new Date(minute(600).getTime() + 10_000));
  await stats.keep(MINUTE_SECONDS, minute(0), []);
  const one = recorder(stats);
  await one.record();
  await one.stop();

  expect(stats.at(MINUTE_SECONDS, minute(599))).toHaveLength(2);
  expect(stats.at(MINUTE_SECONDS, minute(530))).toBeUndefined();
});

it('leaves it to the process that has the duty', async () => {
  const stats = new Steady(new Date(minute(5).getTime()));
  const one = recorder(stats, never);
  await one.record();
  await one.stop();

  expect(stats.measured).toBe(0);
});
