import { ANNOUNCE_AGAIN_MS, SOON_MS, type Announcer } from './announcer.js';
import { Batcher } from './batcher.js';
import { KeyReused, KeyInUse, StoreUnavailable } from './errors.js';
import { failPoint } from './faults/fail-point.js';
import type { Pressure } from './pressure.js';
import type { HandlerRegistry } from './registry.js';
import { newTask, type Submission } from './submission.js';
import type { JsonText, NewTask } from './task.js';
import { UNOBSERVED } from './task-observer.js';
import type { KeyedInsert, KeyedOutcome, TaskStore } from './task-store.js';

const MAX_BATCH = 200;
/** Well below MySQL's smallest default `max_allowed_packet`. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** An idempotency key with what makes two requests the same, and the answer to give to all of them. */
export interface Once<Answer> {
  key: string;
  /** Hash of what the client asked. */
  fingerprint: string;
  /** The answer for the ids of the tasks, in the order of the submissions. */
  answer: (ids: readonly string[]) => Answer;
  keepMs: number;
}

/** Takes tasks in: once a call resolves, the rows are committed. The announcements follow behind. */
export class Submitter {
  private readonly inserts: Batcher<readonly NewTask[], void>;
  private readonly keyedInserts: Batcher<KeyedInsert, KeyedOutcome>;
  private readonly keysUnderWay = new Set<string>();

  constructor(
    store: TaskStore,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    pressure: Pressure,
    private readonly observer = UNOBSERVED,
  ) {
    const hopeless = (error: unknown) => error instanceof StoreUnavailable;
    this.inserts = new Batcher<readonly NewTask[], void>(
      async (groups) => {
        pressure.submitted(groups.length);
        failPoint('before_row_commit');
        await store.insert(groups.flat(), ANNOUNCE_AGAIN_MS);
        failPoint('after_row_commit');
        return [];
      },
      { maxItems: MAX_BATCH, maxWeight: MAX_BATCH_BYTES, weigh: bytesOf, hopeless },
    );
    this.keyedInserts = new Batcher<KeyedInsert, KeyedOutcome>(
      async (keyed) => {
        pressure.submitted(keyed.length);
        failPoint('before_row_commit');
        const outcomes = await store.insertOnce(keyed, ANNOUNCE_AGAIN_MS);
        failPoint('after_row_commit');
        return outcomes;
      },
      { maxItems: MAX_BATCH, maxWeight: MAX_BATCH_BYTES, weigh: (keyed) => bytesOf(keyed.tasks), hopeless },
    );
  }

  /**
   * Commits all of the submissions or none; answers their ids in order.
   *
   * @throws UnknownType, InvalidRequest, InvalidPayload, StoreUnavailable
   */
  async submit(submissions: readonly Submission[]): Promise<string[]> {
    const tasks = this.newTasks(submissions);
    await this.insert(tasks);
    return tasks.map(({ id }) => id);
  }

  /** Commits tasks of any type, internal ones too, all or none. */
  async insert(tasks: readonly NewTask[]): Promise<void> {
    await this.inserts.add(tasks);
    this.announce(tasks);
  }

  /**
   * As {@link submit}, but a second call with the same key and request inserts nothing and gets the first call's answer.
   *
   * @throws KeyReused, KeyInUse, and all that `submit` throws
   */
  async submitOnce<Answer>(submissions: readonly Submission[], once: Once<Answer>): Promise<Answer> {
    const tasks = this.newTasks(submissions);
    const answer = once.answer(tasks.map(({ id }) => id));
    const { key, fingerprint, keepMs } = once;
    if (this.keysUnderWay.has(key)) throw new KeyInUse();
    this.keysUnderWay.add(key);
    try {
      const outcome = await this.keyedInserts.add({ key, fingerprint, keepMs, tasks, answer: JSON.stringify(answer) });
      if (outcome.inserted) {
        this.announce(tasks);
        return answer;
      }
      if (outcome.fingerprint !== fingerprint) throw new KeyReused();
      return JSON.parse(outcome.answer) as Answer;
    } finally {
      this.keysUnderWay.delete(key);
    }
  }

  private newTasks(submissions: readonly Submission[]): NewTask[] {
    return submissions.map((submission) => newTask(submission, this.registry.get(submission.type ?? 'plain')));
  }

  private announce(tasks: readonly NewTask[]): void {
    for (const { id, type, priority, due } of tasks) {
      this.observer.submitted(type);
      const inMs = 'at' in due ? due.at.getTime() - Date.now() : due.inMs;
      if (inMs <= 0) this.announcer.announce({ id, priority });
      else if (inMs <= SOON_MS) this.announcer.announceIn({ id, priority }, inMs);
    }
  }
}

function bytesOf(tasks: readonly NewTask[]): number {
  return tasks.reduce((sum, task) => sum + length(task.payload) + length(task.metadata) + length(task.description) + 500, 0);
}

/** At most the text's length in bytes. */
function length(text: JsonText | null): number {
  return text === null ? 0 : text.length * 3;
}
