import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Principal } from '@app/access';
import { Caller, Needs } from '../access/needs.js';
import { Shown } from '../access/shown.js';
import * as docs from '../openapi/operations.docs.js';
import { FiguresReader, type StatsView } from './figures.js';
import { nowView, type NowView } from './now.view.js';
import { Snapshots } from './snapshot.js';
import { readStatsQuery } from './stats.query.js';

/** Shows figures about all tasks. */
@Controller('api/stats')
export class StatsController {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(FiguresReader) private readonly figures: FiguresReader,
    @Inject(Shown) private readonly shown: Shown,
  ) {}

  @Needs('tasks:read')
  @docs.Stats()
  @Get()
  async range(@Query() query: unknown): Promise<StatsView> {
    const { range, type } = readStatsQuery(query);
    return this.figures.view(range, type);
  }

  @Needs('tasks:read')
  @docs.Now()
  @Get('now')
  async now(@Caller() caller: Principal): Promise<NowView> {
    return this.shown.quoting(nowView(await this.snapshots.now()), caller);
  }
}
