import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Executor, TASK_DUE, type Announcement } from '@app/tasks';
import { KeepErrorFilter, Slot } from '@app/transport';

/** The one door for announcements. */
@Controller()
@UseFilters(KeepErrorFilter)
export class AnnouncementsController {
  constructor(private readonly executor: Executor) {}

  /** Resolves when the task is settled, or was not ours to run; then the message is acknowledged. */
  @EventPattern<string>(TASK_DUE)
  async onTaskDue(@Payload() { id }: Announcement, @Ctx() slot: Slot): Promise<void> {
    await this.executor.execute(id, () => slot.free());
  }
}
