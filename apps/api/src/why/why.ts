import { Inject, Injectable } from '@nestjs/common';
import { GONE_MS, QueueStore, TaskTransport, WorkerStore, isFinal, type Task, type WorkerState } from '@app/tasks';

/** One reason why a task is where it is, for programs and in words. */
export interface Reason {
  code:
    | 'ended'
    | 'running'
    | 'due_later'
    | 'waits_after_failure'
    | 'queue_paused'
    | 'no_worker'
    | 'all_busy'
    | 'position'
    | 'broker_away'
    | 'about_to_start';
  text: string;
}

/** Nobody wants to know how many exactly. */
const MOST_BEFORE = 1_000;

/** Says why a task is not running. */
@Injectable()
export class Why {
  constructor(
    @Inject(QueueStore) private readonly queues: QueueStore,
    @Inject(WorkerStore) private readonly workers: WorkerStore,
    @Inject(TaskTransport) private readonly transport: TaskTransport,
  ) {}

  async of(task: Task): Promise<Reason[]> {
    if (isFinal(task.status)) {
      const at = task.completedAt?.toISOString() ?? '';
      return [{ code: 'ended', text: `It has ended: ${task.status} at ${at}.` }];
    }
    if (task.status === 'PROCESSING') {
      const since = task.startedAt?.toISOString() ?? '';
      return [{ code: 'running', text: `It is running: attempt ${task.attempt} on worker ${task.workerId} since ${since}.` }];
    }
    return this.ofWaiting(task);
  }

  private async ofWaiting(task: Task): Promise<Reason[]> {
    const [states, workers, away] = await Promise.all([this.queues.states(), this.workers.list(), this.brokerProblem()]);
    const reasons: Reason[] = [];
    const pausedAt = states.find(({ type }) => type === task.type)?.pausedAt;
    if (pausedAt)
      reasons.push({ code: 'queue_paused', text: `The queue of ${task.type} is paused since ${pausedAt.toISOString()}.` });
    const isLater = task.runAt.getTime() > Date.now();
    if (isLater) reasons.push(later(task));
    const taking = workers.filter(({ silentMs, drainAt }) => silentMs <= GONE_MS && drainAt === null);
    const offering = taking.filter(({ types }) => types.includes(task.type));
    if (offering.length === 0) reasons.push({ code: 'no_worker', text: noWorker(task.type, taking) });
    if (away) reasons.push({ code: 'broker_away', text: `Announcements are held up: ${away}` });
    if (isLater || pausedAt || offering.length === 0) return reasons;
    return [...reasons, ...(await this.inLine(task, offering))];
  }

  private async inLine(task: Task, offering: readonly WorkerState[]): Promise<Reason[]> {
    const before = await this.queues.before(task.id, task.type, MOST_BEFORE);
    const slots = offering.reduce((sum, worker) => sum + worker.slots, 0);
    const busy = offering.reduce((sum, worker) => sum + worker.busy, 0);
    const reasons: Reason[] = [];
    if (busy >= slots) {
      const many = offering.length === 1 ? '1 worker is' : `${offering.length} workers are`;
      reasons.push({ code: 'all_busy', text: `${many} busy with as many tasks as fit: ${slots}.` });
    }
    if (before >= MOST_BEFORE)
      reasons.push({ code: 'position', text: `At least ${MOST_BEFORE} tasks are before it in its queue.` });
    else if (before > 0) reasons.push({ code: 'position', text: `It is ${ordinal(before + 1)} in its queue.` });
    if (reasons.length === 0)
      reasons.push({ code: 'about_to_start', text: 'It is next in its queue and will start in a moment.' });
    return reasons;
  }

  private async brokerProblem(): Promise<string | null> {
    try {
      await this.transport.ping();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function later({ runAt, error, attempt, maxAttempts, failures }: Task): Reason {
  const at = runAt.toISOString();
  if (error && attempt > 0) {
    const text = `Attempt ${error.attempt} failed (${error.kind}); it is tried again at ${at}. ${failures} of ${maxAttempts} attempts have failed.`;
    return { code: 'waits_after_failure', text };
  }
  return { code: 'due_later', text: `It is due at ${at}.` };
}

function noWorker(type: string, taking: readonly WorkerState[]): string {
  if (taking.length === 0) return 'No worker takes tasks at the moment.';
  return `No worker offers ${type}, of ${taking.length} that take tasks.`;
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
