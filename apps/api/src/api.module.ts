import { Module } from '@nestjs/common';
import { ArchiveModule } from '@app/archive';
import { MetricsModule } from '@app/metrics';
import { LifeSignsModule } from '@app/runtime';
import { LiveModule, SubmittingModule } from '@app/tasks';
import { ActionsController } from './actions/actions.controller.js';
import { ArchivesController } from './archives/archives.controller.js';
import { FiscalSchedule } from './archives/fiscal-schedule.js';
import { AccessModule } from '@app/access';
import { AuditController } from './access/audit.controller.js';
import { Gate } from './access/gate.js';
import { KeysController } from './access/keys.controller.js';
import { SessionController } from './access/session.controller.js';
import { Shown } from './access/shown.js';
import { UsersController } from './access/users.controller.js';
import { CallbacksController } from './callbacks/callbacks.controller.js';
import { DatasetsController } from './datasets/datasets.controller.js';
import { EventsController } from './events/events.controller.js';
import { Outlets } from './events/outlets.js';
import { Subscriptions } from './events/subscriptions.js';
import { WebSockets } from './events/web-sockets.js';
import { FilesController } from './files/files.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { FiguresReader } from './stats/figures.js';
import { Snapshots } from './stats/snapshot.js';
import { StatsController } from './stats/stats.controller.js';
import { WhyController } from './why/why.controller.js';
import { Why } from './why/why.js';
import { WorkersController } from './workers/workers.controller.js';
import { HealthController } from './health/health.controller.js';
import { Waits } from './http/waits.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { QueueMetrics } from './metrics/queue-metrics.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { ShortcutsController } from './shortcuts/shortcuts.controller.js';
import { Intake } from './tasks/intake.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TypesController } from './types/types.controller.js';
import { UploadSweeper } from './uploads/upload-sweeper.js';
import { UploadsController } from './uploads/uploads.controller.js';

/** The HTTP door. Settings, store, transport and registry come from global modules. */
@Module({
  imports: [AccessModule, ArchiveModule, LifeSignsModule, MetricsModule, SubmittingModule, LiveModule],
  controllers: [
    TasksController,
    ShortcutsController,
    CallbacksController,
    FilesController,
    SchedulesController,
    TypesController,
    UploadsController,
    DatasetsController,
    ArchivesController,
    EventsController,
    ActionsController,
    QueuesController,
    WorkersController,
    StatsController,
    WhyController,
    HealthController,
    MetricsController,
    SessionController,
    UsersController,
    KeysController,
    AuditController,
  ],
  providers: [
    FiscalSchedule,
    Intake,
    Waits,
    Snapshots,
    FiguresReader,
    Why,
    Outlets,
    Subscriptions,
    WebSockets,
    UploadSweeper,
    QueueMetrics,
    Gate,
    Shown,
  ],
})
export class ApiModule {}
