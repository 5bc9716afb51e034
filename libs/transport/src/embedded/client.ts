import type { Announcement, Priority } from '@app/tasks';
import { TaskClient } from '../task-client.js';
import type { EmbeddedQueue } from './queue.js';

/** Announces to this process. Never fails; what finds no room is left to the sweeper. */
export class EmbeddedClient extends TaskClient {
  constructor(private readonly queue: EmbeddedQueue) {
    super();
  }

  async announce(announcements: readonly Announcement[]): Promise<void> {
    this.queue.put(announcements);
  }

  async depth(): Promise<Record<Priority, number>> {
    return this.queue.waiting.sizes();
  }

  async ping(): Promise<void> {}

  async connect(): Promise<void> {}

  async close(): Promise<void> {}

  unwrap<T>(): T {
    return this.queue as T;
  }
}
