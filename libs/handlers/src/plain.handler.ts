import { setTimeout as wait } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { Settings } from '@app/config';
import { TaskHandler, type Handler, type TaskContext } from '@app/tasks';

/** A task without a type: stands for work by waiting `PLAIN_TASK_MS`. */
@TaskHandler({
  type: 'plain',
  title: 'Plain task',
  description: 'Simulated work: waits for a configured time, then completes.',
  needsTitle: true,
  timeoutSeconds: 3_700,
})
export class PlainHandler implements Handler<unknown, null> {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  async run(_payload: unknown, context: TaskContext): Promise<null> {
    if (this.settings.plainTaskMs > 0) await wait(this.settings.plainTaskMs, undefined, { signal: context.signal });
    return null;
  }
}
