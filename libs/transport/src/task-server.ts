import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { TASK_DUE, type Announcement } from '@app/tasks';
import type { Slot } from './slots.js';

/** Whether announcements are being received and, if not, why. */
export interface Readiness {
  ok: boolean;
  reason?: string;
}

/**
 * The receiving half of a transport: gives each announcement to the `@EventPattern(TASK_DUE)` handler, so many at once. The handler finds
 * its {@link Slot} in `@Ctx()`, and frees it when it has room for the next one; at its end it is freed in any case.
 */
export abstract class TaskServer extends Server implements CustomTransportStrategy {
  // Nest would log a handler's error a second time.
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(this.constructor.name);
  private handler?: MessageHandler;

  /** Whether this process receives announcements now. Cheap: it looks at what is known and asks nobody. */
  abstract ready(): Readiness;

  /**
   * For how long nothing has looked whether this process receives, although it should, in milliseconds; 0 while it need not. Grows beyond a few seconds only
   * when receiving is stuck for good.
   */
  abstract get silentMs(): number;

  /** How many handlers run now. */
  abstract get running(): number;

  /** How many announcements could start at once; 0 when all slots are taken. */
  abstract get freeSlots(): number;

  /** Unreadable messages parked since the start. */
  abstract get parked(): number;

  /** Stops receiving for good and hands unstarted announcements back. Running handlers go on and are still acknowledged. */
  abstract pause(): Promise<void>;

  abstract override close(): Promise<void>;

  protected abstract start(): void;

  listen(callback: (error?: Error) => void): void {
    this.handler = this.getHandlerByPattern(TASK_DUE) ?? undefined;
    if (!this.handler) {
      callback(new Error(`No controller has an @EventPattern('${TASK_DUE}') handler.`));
      return;
    }
    this.start();
    callback();
  }

  on(): never {
    throw new Error('This transport has no events of its own; ask ready().');
  }

  /** Runs the handler to its end. 'draining' means that it refused because this process takes no more work. */
  protected async handle(announcement: Announcement, slot: Slot): Promise<'settled' | 'draining'> {
    try {
      const result: unknown = await this.handler!(announcement, slot);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      return 'settled';
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === 'draining') return 'draining';
      const stack = error instanceof Error ? error.stack : JSON.stringify(error);
      this.logger.error(
        `The handler failed for task ${announcement.id}; while the task is due, the sweeper announces it again.`,
        stack,
      );
      return 'settled';
    }
  }
}
