import { Controller, Get, Inject, Req, Res, UnauthorizedException } from '@nestjs/common';
import { Settings } from '@app/config';
import { Metrics, isScraper } from '@app/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What Prometheus reads of a worker. Its port is for those who run it; METRICS_TOKEN, where it is set, is asked for all the same. */
@Controller()
export class WorkerMetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Get('metrics')
  async read(@Req() { headers }: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { metricsToken } = this.settings;
    if (metricsToken !== '' && !isScraper(headers.authorization, metricsToken)) throw new UnauthorizedException();
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
