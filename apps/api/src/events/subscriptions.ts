import { Inject, Injectable } from '@nestjs/common';
import { Feed, TaskStore, TaskStreams, historyOf, isFinal, parsePosition, type Position, type Task } from '@app/tasks';
import { feedEnvelope, resetEnvelope, taskEnvelope, type Envelope } from './envelope.js';
import type { EventFilter } from './events.query.js';

/** Takes events; `ended` when nothing will follow. */
export type Tell = (envelopes: readonly Envelope[], ended: boolean) => void;

/** Where in its history a follower of a task begins. */
export interface Place {
  after: Position | null;
  /** True if the id that the client had is none of this task. */
  reset: boolean;
  /** True if the client has been told all there will ever be. */
  over: boolean;
}

/** Begins to tell clients of events, of one task or of all. */
@Injectable()
export class Subscriptions {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(TaskStreams) private readonly streams: TaskStreams,
    @Inject(Feed) private readonly feed: Feed,
  ) {}

  async placeOf(task: Task, lastId: string | undefined): Promise<Place> {
    const after = lastId === undefined ? null : parsePosition(lastId);
    if (lastId !== undefined && (after === null || after[0] > task.attempt)) return { after: null, reset: true, over: false };
    if (after === null || !isFinal(task.status)) return { after, reset: false, over: false };
    const end = historyOf(task, await this.store.pastAttempts(task.id), []).at(-1)!;
    return { after, reset: false, over: end.position.join() === after.join() };
  }

  /** Tells what happens to a task until the answer is called, or the task has ended. */
  ofTask(id: string, { after, reset }: Place, tell: Tell): () => void {
    if (reset) tell([resetEnvelope(null, id)], false);
    return this.streams.follow(id, after, (told, ended) =>
      tell(
        told.map((one) => taskEnvelope(id, one)),
        ended,
      ),
    );
  }

  /** Tells what happens to all tasks that the filter takes, until the answer is called. */
  ofAll(lastId: string | undefined, filter: EventFilter, tell: Tell): () => void {
    return this.feed.read(lastId, (news) => {
      if ('reset' in news) tell([resetEnvelope(news.reset, null)], false);
      else tell(news.filter(filter).map(feedEnvelope), false);
    });
  }
}
