import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { TaskNotFound, TaskStore, type Task } from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { Shown } from '../access/shown.js';
import * as docs from '../openapi/events.docs.js';
import { readTaskId } from '../tasks/task-id.js';
import type { Envelope } from './envelope.js';
import { readEventsQuery, readStreamQuery } from './events.query.js';
import { Outlets } from './outlets.js';
import { SocketOutlet } from './socket-outlet.js';
import { SseOutlet } from './sse-outlet.js';
import { Subscriptions, type Tell } from './subscriptions.js';
import { WebSockets } from './web-sockets.js';

/** An event as its reader may see it. */
type Show = (envelope: Envelope) => Envelope;

/** Tells clients what happens, while it happens. */
@Controller('api')
export class EventsController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(Subscriptions) private readonly subscriptions: Subscriptions,
    @Inject(Outlets) private readonly outlets: Outlets,
    @Inject(WebSockets) private readonly sockets: WebSockets,
    @Inject(Shown) private readonly shown: Shown,
  ) {}

  @Needs('tasks:read')
  @docs.TaskEvents()
  @Get('tasks/:task_id/events')
  async ofTask(
    @Param('task_id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lastId = readStreamQuery(query, request.headers['last-event-id']);
    const task = await this.store.find(readTaskId(id));
    if (!task) throw new TaskNotFound();
    const place = await this.subscriptions.placeOf(task, lastId);
    if (place.over) {
      // The only answer after which a browser does not come back.
      await reply.status(204).send();
      return;
    }
    const shown: Show = (envelope) => this.shown.quoting(envelope, request.principal, task);
    this.stream(reply, shown, (tell) => this.subscriptions.ofTask(task.id, place, tell));
  }

  @Needs('tasks:read')
  @docs.AllEvents()
  @Get('events')
  ofAll(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { lastId, filter } = readEventsQuery(query, request.headers['last-event-id']);
    const shown: Show = (envelope) => this.shown.quoting(envelope, request.principal);
    this.stream(reply, shown, (tell) => this.subscriptions.ofAll(lastId, filter, tell));
  }

  @Needs('tasks:read')
  @docs.Socket()
  @Get('ws')
  socket(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.outlets.makeRoom();
    const show = (envelope: Envelope, task?: Task) => this.shown.quoting(envelope, request.principal, task);
    this.sockets.accept(request, reply, (socket) => {
      const outlet = new SocketOutlet(socket, this.store, this.subscriptions, show, () => this.outlets.remove(outlet));
      this.outlets.add(outlet);
    });
  }

  private stream(reply: FastifyReply, shown: Show, subscribe: (tell: Tell) => () => void): void {
    if (reply.request.method === 'HEAD') return void reply.type('text/event-stream').send();
    this.outlets.makeRoom();
    let leave: () => void = () => {};
    const outlet = new SseOutlet(reply, () => {
      leave();
      this.outlets.remove(outlet);
    });
    this.outlets.add(outlet);
    leave = subscribe((envelopes, ended) => {
      for (const envelope of envelopes) outlet.send(shown(envelope));
      if (ended) outlet.end();
    });
  }
}
