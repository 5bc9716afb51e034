import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { HttpProblem } from '../http/http-problem.js';

/** Clients say what they want to hear; that is short. */
const MOST_BYTES = 4 * 1024;

interface Upgrade {
  socket: Duplex;
  head: Buffer;
}

/** Lets requests for a WebSocket go through all that stands before other routes, and then makes the connection one. */
@Injectable()
export class WebSockets {
  private readonly upgrades = new WeakMap<IncomingMessage, Upgrade>();
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });

  /** Node gives such requests out by an event of their own; from here they go the way of every request. */
  listen(fastify: FastifyInstance): void {
    fastify.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => {});
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket as never);
      response.once('finish', () => socket.end());
      this.upgrades.set(request, { socket, head });
      fastify.routing(request, response);
    });
  }

  /** @throws HttpProblem 426 for a request that does not ask for a WebSocket. */
  accept(request: FastifyRequest, reply: FastifyReply, begin: (socket: WebSocket) => void): void {
    const upgrade = this.upgrades.get(request.raw);
    if (!upgrade)
      throw new HttpProblem(426, 'upgrade_required', 'This path speaks WebSocket only.', {
        headers: { upgrade: 'websocket', connection: 'Upgrade' },
      });
    reply.hijack();
    reply.raw.detachSocket(upgrade.socket as never);
    this.server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, begin);
  }
}
