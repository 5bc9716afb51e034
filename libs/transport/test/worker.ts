import { Controller, Global, Inject, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Settings } from '@app/config';
import { Changes, TASK_DUE, TaskTransport, type Announcement } from '@app/tasks';
import { KeepErrorFilter, TaskClient, TaskServer, TransportModule } from '@app/transport';
import type { TestBroker } from '../../../test/support/broker.js';

/** What a test does with an announcement. */
export type Receive = (announcement: Announcement) => unknown;

@Controller()
@UseFilters(KeepErrorFilter)
class Receiver {
  constructor(@Inject('RECEIVE') private readonly receive: Receive) {}

  @EventPattern(TASK_DUE)
  due(@Payload() announcement: Announcement): unknown {
    return this.receive(announcement);
  }
}

/** What the application gives to all of its modules. */
@Global()
@Module({ providers: [{ provide: Changes, useFactory: () => new Changes() }], exports: [Changes] })
class Shared {}

/** Settings for the queues of a test broker. */
export function rabbitSettings({ url, prefix }: TestBroker, overrides: Partial<Settings> = {}): Settings {
  return Object.assign(new Settings(), { transportUrl: url, queuePrefix: prefix, ...overrides });
}

/** A real Nest application with both halves of the transport. */
export interface Worker {
  transport: TaskTransport;
  client: TaskClient;
  server: TaskServer;
  /** Starts to receive. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export async function createWorker(settings: Settings, receive: Receive): Promise<Worker> {
  @Module({
    imports: [Shared, TransportModule.forRoot(settings)],
    controllers: [Receiver],
    providers: [{ provide: 'RECEIVE', useValue: receive }],
  })
  class WorkerModule {}

  const app = await NestFactory.create(WorkerModule, new FastifyAdapter(), { logger: process.env.TEST_LOG ? undefined : false });
  const transport = app.get(TaskTransport);
  const server = app.get(TaskServer);
  app.connectMicroservice({ strategy: server });
  await app.init();
  return {
    transport,
    client: transport as unknown as TaskClient,
    server,
    listen: async () => void (await app.startAllMicroservices()),
    close: () => app.close(),
  };
}
