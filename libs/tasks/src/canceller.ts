import type { Announcer } from './announcer.js';
import { TaskNotFound, WrongStatus } from './errors.js';
import { cancel, type TaskIn } from './lifecycle.js';
import { isFinal, type Task } from './task.js';
import { UNOBSERVED } from './task-observer.js';
import type { TaskStore } from './task-store.js';

/** The row may move on between our look and our write; it has only so many statuses to move to. */
const MAX_LOOKS = 10;

/** Calls tasks off, waiting or running. */
export class Canceller {
  constructor(
    private readonly store: TaskStore,
    private readonly announcer: Announcer,
    private readonly observer = UNOBSERVED,
  ) {}

  /**
   * Makes the task CANCELLED, now and for good; cancelling it again changes nothing. The handler of a running attempt is told
   * within about a second through its signal, wherever it runs.
   *
   * @throws TaskNotFound; WrongStatus if the task completed or failed before; StoreUnavailable
   */
  async cancel(id: string): Promise<Task> {
    for (let look = 0; look < MAX_LOOKS; look++) {
      const task = await this.store.find(id);
      if (!task) throw new TaskNotFound();
      if (task.status === 'CANCELLED') return task;
      if (isFinal(task.status))
        throw new WrongStatus(`The task is ${task.status} and stays so; only a waiting or running task can be cancelled.`);
      const transition = cancel(task as TaskIn<'PENDING' | 'PROCESSING'>);
      const [landed] = await this.store.settle([transition]);
      if (!landed) continue;
      this.observer.finished(task.type, 'CANCELLED');
      for (const following of transition.follow ?? []) {
        this.observer.submitted(following.type);
        this.announcer.announce(following);
      }
    }
    throw new WrongStatus('The task changed again and again while it was being cancelled. Try again.');
  }
}
