import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { HandlerRegistry, QueueStore, StatsStore } from '@app/tasks';
import { Audited } from '../access/audited.js';
import { Needs } from '../access/needs.js';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/operations.docs.js';
import { queueView, type QueueView } from './queue.view.js';

/** Shows how long the queues are, and stops and starts the handing out of their tasks. */
@Controller('api/queues')
export class QueuesController {
  constructor(
    @Inject(QueueStore) private readonly queues: QueueStore,
    @Inject(StatsStore) private readonly stats: StatsStore,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  @Needs('tasks:read')
  @docs.Queues()
  @Get()
  async list(): Promise<{ items: QueueView[] }> {
    const [types, states] = await Promise.all([this.types(), this.queues.states()]);
    const pausedAt = new Map(states.map((state) => [state.type, state.pausedAt]));
    const depths = await Promise.all(types.map((type) => this.queues.depth(type)));
    return { items: depths.map((depth) => queueView(depth, pausedAt.get(depth.type) ?? null)) };
  }

  @Needs('tasks:act')
  @Audited('queue.pause')
  @docs.PauseQueue()
  @Post(':type/pause')
  @HttpCode(200)
  async pause(@Param('type') type: string): Promise<QueueView> {
    await this.mustKnow(type);
    await this.queues.pause(type);
    return this.view(type);
  }

  @Needs('tasks:act')
  @Audited('queue.resume')
  @docs.ResumeQueue()
  @Post(':type/resume')
  @HttpCode(200)
  async resume(@Param('type') type: string): Promise<QueueView> {
    await this.mustKnow(type);
    await this.queues.resume(type);
    return this.view(type);
  }

  private async view(type: string): Promise<QueueView> {
    const [depth, states] = await Promise.all([this.queues.depth(type), this.queues.states()]);
    return queueView(depth, states.find((state) => state.type === type)?.pausedAt ?? null);
  }

  /** What this build knows, and what others left. */
  private async types(): Promise<string[]> {
    return [...new Set([...this.registry.names(), ...(await this.stats.types())])].sort();
  }

  private async mustKnow(type: string): Promise<void> {
    if (this.registry.has(type) || (await this.stats.types()).includes(type)) return;
    throw new HttpProblem(404, 'queue_not_found', 'There is no queue for this type.');
  }
}
