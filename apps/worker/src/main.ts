import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ConfigModule, InvalidSettings, isEmbedded } from '@app/config';
import { FilesModule } from '@app/files';
import { HandlersModule } from '@app/handlers';
import { PersistenceModule } from '@app/persistence';
import { run } from '@app/runtime';
import { Executor, TaskStore, injectFaults } from '@app/tasks';
import { TracingModule } from '@app/tracing';
import { TaskServer, TransportModule } from '@app/transport';
import { WorkerHealthController } from './health.controller.js';
import { WorkerMetricsController } from './metrics.controller.js';
import { WorkerModule } from './worker.module.js';

await run(async (settings) => {
  if (isEmbedded(settings)) {
    throw new InvalidSettings([
      'A worker of its own shares its tasks with the API: set DATABASE_URL=mysql://… and TRANSPORT_URL=amqp://…. Without them, the API runs the tasks itself.',
    ]);
  }

  @Module({
    imports: [
      ConfigModule.forRoot(settings),
      { ...PersistenceModule.forRoot(settings), global: true },
      { module: FilesModule, global: true },
      TransportModule.forRoot(settings),
      TracingModule.forRoot('taskwell-worker'),
      await HandlersModule.discover(settings.testHandlers),
      WorkerModule,
    ],
    controllers: [WorkerHealthController, WorkerMetricsController],
  })
  class TaskwellWorker {}

  const app = await NestFactory.create(TaskwellWorker, new FastifyAdapter(), { abortOnError: false });
  injectFaults(settings, { store: app.get(TaskStore), executor: app.get(Executor) });
  app.connectMicroservice({ strategy: app.get(TaskServer) });
  await app.startAllMicroservices();
  await app.listen(settings.workerPort, settings.host);
  new Logger('Taskwell').log(
    `Worker: up to ${settings.workerConcurrency} tasks side by side, health on port ${settings.workerPort}`,
  );
  return app;
});
