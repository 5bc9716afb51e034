import { Controller, Get, Inject } from '@nestjs/common';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/operations.docs.js';
import { nowView, type NowView } from './now.view.js';
import { Snapshots } from './snapshot.js';

/** Shows figures about all tasks. */
@Controller('api/stats')
export class StatsController {
  constructor(@Inject(Snapshots) private readonly snapshots: Snapshots) {}

  @Needs('tasks:read')
  @docs.Now()
  @Get('now')
  async now(): Promise<NowView> {
    return nowView(await this.snapshots.now());
  }
}
