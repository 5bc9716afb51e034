import type { Canceller } from '../canceller.js';
import { WrongStatus } from '../errors.js';
import type { Submitter } from '../submitter.js';
import { isFinal, type Task } from '../task.js';
import type { TaskStore } from '../task-store.js';
import { deliveryId, deliveryOf } from './delivery.js';

/** Deliveries of one task; who asks for more does not read the answers. */
const MOST_DELIVERIES = 100;

/** Finds the deliveries of a task's callback, and makes further ones. */
export class Redeliverer {
  constructor(
    private readonly store: TaskStore,
    private readonly submitter: Submitter,
    private readonly canceller: Canceller,
  ) {}

  /** The tasks that deliver the end of a task, oldest first. */
  async deliveries(task: Task): Promise<Task[]> {
    const found: Task[] = [];
    while (found.length < MOST_DELIVERIES) {
      const delivery = await this.store.find(deliveryId(task.id, found.length));
      if (!delivery) break;
      found.push(delivery);
    }
    return found;
  }

  /**
   * Delivers the callback again, now, and answers the new delivery's id. One that still waits for its next try is called off.
   *
   * @throws WrongStatus if the task has no callback, has not ended, or was delivered too often
   */
  async redeliver(task: Task): Promise<string> {
    if (task.callbackUrl === null) throw new WrongStatus('The task has no callback_url.');
    if (!isFinal(task.status)) throw new WrongStatus(`The task is ${task.status}; there is nothing to tell yet.`);
    const before = await this.deliveries(task);
    if (before.length === MOST_DELIVERIES) throw new WrongStatus('The callback was delivered too often.');
    const last = before.at(-1);
    if (last && !isFinal(last.status)) await this.callOff(last);
    const delivery = deliveryOf(task, before.length);
    try {
      await this.submitter.insert([delivery]);
    } catch (error) {
      // Somebody asked for the same at the same time.
      if (!(await this.store.find(delivery.id))) throw error;
    }
    return delivery.id;
  }

  private async callOff({ id }: Task): Promise<void> {
    try {
      await this.canceller.cancel(id);
    } catch (error) {
      // It has just ended by itself.
      if (!(error instanceof WrongStatus)) throw error;
    }
  }
}
