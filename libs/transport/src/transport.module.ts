import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { isEmbedded, type Settings } from '@app/config';
import { Changes, TaskTransport } from '@app/tasks';
import { EmbeddedClient } from './embedded/client.js';
import { EmbeddedQueue } from './embedded/queue.js';
import { EmbeddedServer } from './embedded/server.js';
import { ChangeCarrier } from './rabbitmq/change-carrier.js';
import { RabbitClient } from './rabbitmq/client.js';
import { RabbitServer } from './rabbitmq/server.js';
import { TaskServer } from './task-server.js';

/**
 * Provides the transport that the settings name: TaskTransport to announce, TaskServer to receive. The server half connects when
 * it listens (`app.connectMicroservice({ strategy: app.get(TaskServer) })`); a process that only announces leaves it alone.
 */
@Module({})
export class TransportModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: TransportModule,
      global: true,
      providers: isEmbedded(settings) ? embedded(settings) : rabbitmq(settings),
      exports: [TaskTransport, TaskServer],
    };
  }
}

function embedded(settings: Settings): Provider[] {
  return [
    EmbeddedQueue,
    { provide: TaskTransport, inject: [EmbeddedQueue], useFactory: (queue: EmbeddedQueue) => new EmbeddedClient(queue) },
    { provide: TaskServer, inject: [EmbeddedQueue], useFactory: (queue: EmbeddedQueue) => new EmbeddedServer(settings, queue) },
  ];
}

function rabbitmq(settings: Settings): Provider[] {
  return [
    { provide: TaskTransport, useFactory: () => new RabbitClient(settings) },
    { provide: TaskServer, useFactory: () => new RabbitServer(settings) },
    {
      provide: ChangeCarrier,
      inject: [Changes],
      useFactory: (changes: Changes) => new ChangeCarrier(settings, changes),
    },
  ];
}
