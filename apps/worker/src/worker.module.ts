import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '@app/config';
import { Metrics, MetricsModule } from '@app/metrics';
import { FailureMails, NoticesModule } from '@app/notices';
import { LifeSigns, LifeSignsModule } from '@app/runtime';
import { ExecutingModule, Executor, Heart, Scheduler, StatsRecorder, SubmittingModule, Sweeper } from '@app/tasks';
import { TaskServer } from '@app/transport';
import { AnnouncementsController } from './announcements.controller.js';
import { observeSlots } from './slot-metrics.js';
import { watchWork } from './watch-work.js';

/** Receives announcements, runs handlers, and repairs what got lost. */
@Module({
  imports: [LifeSignsModule, MetricsModule, ExecutingModule, SubmittingModule, NoticesModule],
  controllers: [AnnouncementsController],
})
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly executor: Executor,
    readonly sweeper: Sweeper,
    readonly scheduler: Scheduler,
    private readonly failureMails: FailureMails,
    private readonly heart: Heart,
    private readonly statsRecorder: StatsRecorder,
    @Inject(TaskServer) readonly server: TaskServer,
    @Inject(Settings) private readonly settings: Settings,
    private readonly metrics: Metrics,
    private readonly signs: LifeSigns,
  ) {}

  onApplicationBootstrap(): void {
    observeSlots(this.metrics, this.settings, this.server);
    watchWork(this.signs, this);
    this.sweeper.start();
    this.scheduler.start();
    this.failureMails.start();
    this.statsRecorder.start();
    this.heart.start({ slots: this.settings.workerConcurrency, onDrain: () => this.server.pause() });
  }

  /** Stop taking, finish within the grace time, hand back what is left. The connections are closed afterwards. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.server.pause();
    await this.sweeper.stop();
    await this.scheduler.stop();
    await this.failureMails.stop();
    await this.statsRecorder.stop();
    await this.executor.drain(this.settings.shutdownGraceSeconds * 1000);
    await this.heart.stop();
  }
}
