import { Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Lock } from '@app/access';
import { ConfigModule, isEmbedded, type Settings } from '@app/config';
import { FilesModule } from '@app/files';
import { HandlersModule } from '@app/handlers';
import { PersistenceModule } from '@app/persistence';
import { run } from '@app/runtime';
import { Executor, TaskStore, injectFaults } from '@app/tasks';
import { TracingModule } from '@app/tracing';
import { TaskServer, TransportModule } from '@app/transport';
import { ApiModule } from './api.module.js';
import { EmbeddedModule } from './embedded.module.js';
import { HTTP_APP_OPTIONS, configureHttp, httpAdapter } from './http/http-app.js';

/** In production, an admin must be seen within this time. */
const ADMIN_SEEN_MS = 10_000;

await run(async (settings) => {
  const embedded = isEmbedded(settings);
  const root = await rootModule(settings, embedded ? EmbeddedModule : ApiModule);
  const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(settings), {
    ...HTTP_APP_OPTIONS,
    abortOnError: false,
  });
  injectFaults(settings, { store: app.get(TaskStore), executor: embedded ? app.get(Executor) : undefined });
  configureHttp(app);
  if (embedded) {
    app.connectMicroservice({ strategy: app.get(TaskServer) });
    await app.startAllMicroservices();
  }
  const lock = app.get(Lock);
  if (settings.nodeEnv === 'production' && settings.adminPassword === '') await lock.demandAdmin(ADMIN_SEEN_MS);
  await app.listen(settings.port, settings.host);
  void lock.prepare();
  const { port } = app.getHttpServer().address() as { port: number };
  const mode = embedded ? 'API and worker in one process' : 'API';
  new Logger('Taskwell').log(`${mode}: http://${settings.host}:${port}, try http://${settings.host}:${port}/docs`);
  if (settings.anonymousScopes !== '') {
    new Logger('Access').warn(`Whoever reaches this address needs no key for ${settings.anonymousScopes} (ANONYMOUS_SCOPES).`);
  }
  return app;
});

async function rootModule(settings: Settings, doors: Type) {
  const imports = [
    ConfigModule.forRoot(settings),
    { ...PersistenceModule.forRoot(settings), global: true },
    { module: FilesModule, global: true },
    TransportModule.forRoot(settings),
    TracingModule.forRoot('taskwell-api'),
    await HandlersModule.discover(settings.testHandlers),
    doors,
  ];
  return { module: class Taskwell {}, imports };
}
