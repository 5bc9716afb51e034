import { Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  ACTION_TYPE,
  ActionStore,
  Actor,
  Canceller,
  HandlerRegistry,
  Submitter,
  TaskHandler,
  TaskStore,
  type Handler,
  type TaskContext,
} from '@app/tasks';

/** Acts on many tasks. Safe to repeat: it goes on where it was. */
@TaskHandler({
  type: ACTION_TYPE,
  title: 'Act on many tasks',
  internal: true,
  // It waits for the database only, and a crash of the process is never its fault.
  detached: true,
  timeoutSeconds: 3_600,
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 60 },
})
export class TaskwellActHandler implements Handler<unknown, { done: number; failed: number }> {
  constructor(
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(ActionStore) private readonly actions: ActionStore,
    @Inject(TaskStore) private readonly store: TaskStore,
  ) {}

  async run(_payload: unknown, { taskId, signal, progress }: TaskContext): Promise<{ done: number; failed: number }> {
    // All know the types, and so this handler: they are there only when it runs.
    const [submitter, canceller, registry] = [
      this.modules.get(Submitter, { strict: false }),
      this.modules.get(Canceller, { strict: false }),
      this.modules.get(HandlerRegistry, { strict: false }),
    ];
    const actor = new Actor(this.actions, this.store, submitter, canceller, registry);
    const { done, failed } = await actor.run(taskId, signal, (acted, total) => progress(acted, total));
    return { done, failed };
  }
}
