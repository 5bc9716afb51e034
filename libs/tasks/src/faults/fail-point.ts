import { ARMED_FAIL_POINT, type FailPoint } from '@app/config';

/** What becomes of the process at an armed fail point: it is gone at once, or it stands still until SIGCONT. */
export type FailSignal = 'SIGKILL' | 'SIGSTOP';

interface Armed {
  name: FailPoint;
  signal: FailSignal;
  /** 1 is every time. */
  probability: number;
  /** Only this time, counted from 1. */
  occurrence?: number;
  passed: number;
}

/** Decides, each time a fail point is passed, whether this is the moment. The same list and seed decide the same. */
export class FailPlan {
  private readonly armed: Armed[];

  /** @param list as in the setting FAIL_POINTS, which is checked there. */
  constructor(
    list: string,
    private seed: number,
  ) {
    this.armed = list.split(',').flatMap((text) => {
      const { name, action, probability, occurrence } = ARMED_FAIL_POINT.exec(text)?.groups ?? {};
      if (!name) return [];
      return {
        name: name as FailPoint,
        signal: action ? 'SIGSTOP' : 'SIGKILL',
        probability: Number(probability ?? 1),
        occurrence: occurrence ? Number(occurrence) : undefined,
        passed: 0,
      };
    });
  }

  /** The signal to die or stop by now, if any. */
  pass(name: FailPoint): FailSignal | undefined {
    const point = this.armed.find((armed) => armed.name === name);
    if (!point) return undefined;
    point.passed++;
    if (point.occurrence !== undefined) return point.occurrence === point.passed ? point.signal : undefined;
    return point.probability === 1 || this.random() < point.probability ? point.signal : undefined;
  }

  /** From 0 to 1 (mulberry32). */
  private random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

let plan: FailPlan | undefined;

/** Makes {@link failPoint} follow the plan from now on. */
export function armFailPoints(armed: FailPlan): void {
  plan = armed;
}

/** A place where a test can make this process end itself as by `kill -9`. Does nothing unless the setting FAIL_POINTS names it. */
export function failPoint(name: FailPoint): void {
  const signal = plan?.pass(name);
  if (signal) process.kill(process.pid, signal);
}
