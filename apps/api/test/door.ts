import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ConfigModule, Settings } from '@app/config';
import { FilesModule } from '@app/files';
import { HandlersModule } from '@app/handlers';
import { PersistenceModule } from '@app/persistence';
import { TracingModule } from '@app/tracing';
import { TaskStore, TaskTransport, TransportUnavailable, complete, type Announcement, type TaskIn } from '@app/tasks';
import { ApiModule } from '../src/api.module.js';
import { HTTP_APP_OPTIONS, configureHttp, httpAdapter } from '../src/http/http-app.js';

// It requires an ES module, which Node 20 can and Jest on Node 20 cannot. The assets of /docs are left to the journeys.
jest.unstable_mockModule('@fastify/static', () => ({ default: async () => {} }));

/** A transport that remembers what it was told and delivers nothing. */
export class SilentTransport extends TaskTransport {
  readonly announced: Announcement[] = [];
  away = false;

  async announce(announcements: readonly Announcement[]): Promise<void> {
    this.announced.push(...announcements);
  }

  async depth() {
    return { low: 0, normal: 0, high: 0 };
  }

  async ping(): Promise<void> {
    if (this.away) throw new TransportUnavailable('away');
  }
}

@Module({})
class TransportModule {
  static of(transport: TaskTransport): DynamicModule {
    return {
      module: TransportModule,
      global: true,
      providers: [{ provide: TaskTransport, useValue: transport }],
      exports: [TaskTransport],
    };
  }
}

/** The HTTP door on a new SQLite file, listening on a free port; nobody runs the tasks. */
export async function openDoor(changes: Partial<Settings> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-api-'));
  const settings = Object.assign(
    new Settings(),
    { databaseUrl: `sqlite:${join(folder, 'test.db')}`, filesUrl: `file:${join(folder, 'files')}` },
    changes,
  );
  const transport = new SilentTransport();
  const testing = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(settings),
      { ...PersistenceModule.forRoot(settings), global: true },
      { module: FilesModule, global: true },
      TransportModule.of(transport),
      TracingModule.forRoot('taskwell-test', {}),
      await HandlersModule.discover(),
      ApiModule,
    ],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(httpAdapter(settings), {
    ...HTTP_APP_OPTIONS,
    logger: false,
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const store = app.get(TaskStore);
  return {
    app,
    port,
    settings,
    store,
    transport,
    url: `http://127.0.0.1:${port}`,
    /** Runs the task as a worker would, with this result. */
    async finish(id: string, result: unknown = null): Promise<void> {
      const [task] = await store.claim([id], { workerId: 'test', leaseMs: 30_000, types: ['plain', 'text.reverse'] });
      await store.settle([complete(task as TaskIn<'PROCESSING'>, JSON.stringify(result))]);
    },
    async close(): Promise<void> {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** An answer with its body read as JSON, if there is one. */
export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export async function send(
  door: Door,
  method: string,
  path: string,
  options: { body?: RequestInit['body']; headers?: Record<string, string> } = {},
) {
  const response = await fetch(door.url + path, { method, ...options });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** POSTs a value as JSON; text is sent as it is. */
export async function post(door: Door, path: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const body = typeof json === 'string' || json instanceof Uint8Array ? (json as RequestInit['body']) : JSON.stringify(json);
  return send(door, 'POST', path, { body, headers: { 'content-type': 'application/json', ...headers } });
}

export async function get(door: Door, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return send(door, 'GET', path, { headers });
}

/** Sends bytes over a connection of its own and answers all that comes back until the server closes it. */
export async function raw(door: Door, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(door.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
    socket.on('close', () => resolve(answer));
  });
}
