import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import type { Principal } from '@app/access';
import { Settings } from '@app/config';
import { Metrics, isScraper } from '@app/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, Public } from '../access/needs.js';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/health.docs.js';

/** What Prometheus reads: for whoever may read tasks, and for who has METRICS_TOKEN. */
@Controller()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Public({ asks: true })
  @docs.Metrics()
  @Header('vary', 'authorization')
  @Get('metrics')
  async read(
    @Caller() caller: Principal,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!caller.scopes.includes('tasks:read') && !isScraper(headers.authorization, this.settings.metricsToken)) {
      throw new HttpProblem(
        401,
        'unauthorized',
        'Metrics are for keys with the scope tasks:read, and for METRICS_TOKEN as a bearer token.',
      );
    }
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
