import type { Task } from './task.js';
import { NoTurn, Turns } from './turns.js';

/** What a process may have in hand beside a task: anything, few others that crashed before, or nothing. */
export type Company = 'any' | 'few' | 'none';

const STRICTNESS: Record<Company, number> = { any: 0, few: 1, none: 2 };

/** A last chance that found no quiet process this often is taken in company. */
const MOST_HAND_BACKS = 20;

export interface IsolationLimits {
  /** How long a task waits for its company. */
  waitMs: number;
  /** How long the others in hand may take to end, before the last chance of a task is put off. */
  clearMs: number;
  /** After that, how long nobody is kept waiting again. */
  pauseMs: number;
  /** The longest time for which nothing else is begun beside a last chance. */
  closedMs: number;
}

const LIMITS: IsolationLimits = { waitMs: 60_000, clearMs: 5_000, pauseMs: 45_000, closedMs: 15_000 };

/**
 * The company in which a task may run. What a process has in hand when it dies shares the blame, so a task's last crash may count only if
 * nobody else can be blamed for it.
 */
export function companyFor(task: Pick<Task, 'attempt' | 'failures' | 'crashes'>, maxCrashes: number): Company {
  const { attempt, failures, crashes } = task;
  const chances = maxCrashes - crashes;
  if (crashes === 0 || chances > 2) return 'any';
  const handBacks = attempt - 1 - failures - crashes;
  return chances === 1 && handBacks < MOST_HAND_BACKS ? 'none' : 'few';
}

/** Tells a company from whatever else an attempt may lead to. */
export function isCompany(outcome: string | undefined): outcome is Company {
  return outcome !== undefined && outcome in STRICTNESS;
}

/** Whether the one is company enough, or little enough, for a task that asks for the other. */
export function suffices(given: Company, asked: Company): boolean {
  return STRICTNESS[given] >= STRICTNESS[asked];
}

/** Decides what one process has in hand at the same time. */
export class Isolation {
  private inHand = 0;
  private gate?: { opened: Promise<void>; open: () => void; timer: NodeJS.Timeout };
  private onQuiet?: () => void;
  private readonly few: Turns;
  private readonly alone = new Turns(1);
  private notBefore = -Infinity;

  /** @param size how many tasks run side by side. As many suspects as its root make both the next round and the last one short. */
  constructor(
    size: number,
    private readonly limits: IsolationLimits = LIMITS,
  ) {
    this.few = new Turns(Math.ceil(Math.sqrt(size)));
  }

  /** Whether anybody may be waiting for company. */
  get busy(): boolean {
    return this.gate !== undefined || this.few.waiting > 0 || this.alone.waiting > 0;
  }

  /** Does the work in such company; undefined, and the work is not begun, if that could not be had in time. */
  within<T>(company: Company, work: () => Promise<T>): Promise<T | undefined> {
    return company === 'any' ? this.beside(work) : this.inTurn(company, work);
  }

  /** For work under way: makes sure of stricter company if it can be had at once. Answers what ends it. */
  narrow(company: Company): (() => void) | undefined {
    if (company === 'none' && this.inHand > 1) return undefined;
    const turns = company === 'few' ? this.few : this.alone;
    if (!turns.takeFree()) return undefined;
    if (company === 'none') this.close();
    return () => {
      if (company === 'none' && this.alone.waiting === 0) this.open();
      turns.giveBack();
    };
  }

  /** Lets nobody wait any longer. */
  end(): void {
    this.few.dismiss();
    this.alone.dismiss();
    this.open();
  }

  private async inTurn<T>(company: 'few' | 'none', work: () => Promise<T>): Promise<T | undefined> {
    const turns = company === 'few' ? this.few : this.alone;
    if (!turns.takeFree() && !(await this.turnOf(turns))) return undefined;
    try {
      return company === 'few' ? await this.beside(work) : await this.apart(work);
    } finally {
      if (company === 'none' && this.alone.waiting === 0) this.open();
      turns.giveBack();
    }
  }

  private async turnOf(turns: Turns): Promise<boolean> {
    try {
      await turns.wait(this.limits.waitMs);
      return true;
    } catch (error) {
      if (error instanceof NoTurn) return false;
      throw error;
    }
  }

  private beside<T>(work: () => Promise<T>): Promise<T> {
    return this.gate ? this.opened().then(() => this.counted(work)) : this.counted(work);
  }

  private async opened(): Promise<void> {
    while (this.gate) await this.gate.opened;
  }

  /** One at a time; several are not interrupted by others until the gate has been closed too long. */
  private async apart<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.notBefore) return undefined;
    this.close();
    if (await this.quiet()) return this.counted(work);
    this.notBefore = performance.now() + this.limits.pauseMs;
    this.open();
    return undefined;
  }

  private async counted<T>(work: () => Promise<T>): Promise<T> {
    this.inHand++;
    try {
      return await work();
    } finally {
      if (--this.inHand === 0) this.onQuiet?.();
    }
  }

  private async quiet(): Promise<boolean> {
    if (this.inHand === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onQuiet = resolve;
      timer = setTimeout(resolve, this.limits.clearMs);
    });
    clearTimeout(timer);
    this.onQuiet = undefined;
    return this.inHand === 0;
  }

  private close(): void {
    if (this.gate) return;
    let open!: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.gate = { opened, open, timer: setTimeout(() => this.open(), this.limits.closedMs) };
  }

  private open(): void {
    if (!this.gate) return;
    clearTimeout(this.gate.timer);
    this.gate.open();
    this.gate = undefined;
  }
}
