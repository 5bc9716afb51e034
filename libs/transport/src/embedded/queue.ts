import type { Announcement } from '@app/tasks';
import { Lanes } from '../lanes.js';

/** Beyond it announcements are dropped: the rows are still due, and the sweeper announces them when there is room. */
export const MAX_WAITING = 200_000;

/** What the two embedded halves share: the announcements of this process that no handler has taken yet. */
export class EmbeddedQueue {
  readonly waiting = new Lanes<Announcement>();
  /** Called after something was put in; the receiving half sets it when it starts. */
  onPut: () => void = () => {};

  put(announcements: readonly Announcement[]): void {
    for (const announcement of announcements) {
      if (this.waiting.size >= MAX_WAITING) break;
      this.waiting.push(announcement.priority, announcement);
    }
    this.onPut();
  }
}
