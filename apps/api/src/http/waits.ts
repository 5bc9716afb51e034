import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Watcher } from '@app/tasks';

/** Holds answers back until tasks finish, but not for a client that has left, and not while this process shuts down. */
@Injectable()
export class Waits {
  private readonly open = new Set<AbortController>();
  private isClosing = false;

  constructor(@Inject(Watcher) private readonly watcher: Watcher) {}

  /** True once this process has begun to shut down. */
  get closing(): boolean {
    return this.isClosing;
  }

  /** Resolves when the task is final, when the time is up, or when waiting has lost its sense. */
  async untilFinal(taskId: string, seconds: number, reply: FastifyReply): Promise<void> {
    if (this.isClosing) return;
    const wait = new AbortController();
    const leave = () => wait.abort();
    this.open.add(wait);
    reply.raw.once('close', leave);
    try {
      await this.watcher.untilFinal(taskId, seconds * 1000, wait.signal);
    } finally {
      reply.raw.off('close', leave);
      this.open.delete(wait);
    }
  }

  /** Lets all of them end now, and none begin. */
  close(): void {
    this.isClosing = true;
    for (const wait of this.open) wait.abort();
  }
}
