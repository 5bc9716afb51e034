import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Archiving } from '@app/archive';
import { Schedules } from '@app/tasks';

/** The same in every process, so that there is one schedule however many of them start. It sorts before every id that is made. */
export const FISCAL_SCHEDULE_ID = '00000000-0000-7000-8000-000000000001';

const AGAIN_MS = 1_000;

/** Sees to it that there is a schedule that archives each financial year at its end, as soon as the database answers. */
@Injectable()
export class FiscalSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Archives');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(Archiving) private readonly archiving: Archiving,
  ) {}

  onApplicationBootstrap(): void {
    void this.ensure();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ensure(): Promise<void> {
    const { cron, timeZone } = this.archiving.calendar;
    const task = { type: 'archive.year', payload: {} };
    try {
      await this.schedules.ensure(FISCAL_SCHEDULE_ID, {
        title: 'Archive the financial year that has ended',
        cron,
        timeZone,
        task,
        request: task,
        overlap: 'queue',
        missed: 'last',
        maxMissed: 1,
        endsAt: null,
      });
    } catch (error) {
      if (this.stopped) return;
      this.logger.debug(`The schedule of archives cannot be seen to yet: ${(error as Error).message}`);
      this.timer = setTimeout(() => void this.ensure(), AGAIN_MS);
    }
  }
}
