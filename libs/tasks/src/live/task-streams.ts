import type { TaskStore } from '../task-store.js';
import { isFinal } from '../task.js';
import type { Change, Changes } from './changes.js';
import { START, historyOf, isAfter, lineBefore, type Happening, type Position, type TaskState } from './history.js';
import type { HistoryStore } from './history-store.js';
import { Looks } from './looks.js';

/** Where changes are heard of, looking only repairs what was not. */
const LONGEST_LOOK_MS = 1_000;
const LONGEST_LOOK_WHEN_TOLD_MS = 5_000;
const FIRST_LOOK_MS = 300;
const FIRST_LOOK_WHEN_TOLD_MS = 1_500;
/** So long after the listening began, others may not yet know that somebody listens. */
const DEAF_MS = 1_000;
const LINES_AT_ONCE = 200;

/** What whoever follows a task is given; a progress has no place in the history, because only the latest is kept. */
export type Told = Happening | { event: 'progress'; state: TaskState };

/** Takes what is told, in order; `ended` when nothing will follow. */
export type Sink = (told: readonly Told[], ended: boolean) => void;

/** One follower of a task. */
interface Following {
  readonly id: string;
  position: Position;
  /** The latest progress that was told, as JSON. */
  progress: string;
  /** Status and attempt that everything has been told of. */
  told: string;
  /** True if the log must be looked at. */
  words: boolean;
  sink: Sink;
}

/**
 * Tells followers what happens to a task, from the store: whichever process they ask, from whichever place in its history, they are told the
 * same. Changes that are heard of only say when to look, and what was not heard is found by looking now and then.
 */
export class TaskStreams {
  private readonly followings: Looks<Following>;
  private stopListening?: () => void;

  constructor(
    private readonly store: TaskStore,
    private readonly history: HistoryStore,
    private readonly changes: Changes,
  ) {
    this.followings = new Looks<Following>((followings) => this.look(followings), {
      firstMs: () => (this.isTold() ? FIRST_LOOK_WHEN_TOLD_MS : FIRST_LOOK_MS),
      longestMs: () => (this.isTold() ? LONGEST_LOOK_WHEN_TOLD_MS : LONGEST_LOOK_MS),
    });
  }

  /** How many follow a task here. */
  get size(): number {
    return this.followings.size;
  }

  /** Tells the sink everything behind a position, and then whatever happens until the answer is called or the task has ended. */
  follow(id: string, after: Position | null, sink: Sink): () => void {
    this.stopListening ??= this.changes.listen((changes) => this.hear(changes));
    const following: Following = { id, position: after ?? START, progress: 'null', told: '', words: true, sink };
    this.followings.add(following);
    this.followings.hurry(following);
    return () => this.leave(following);
  }

  private isTold(): boolean {
    const { heardSince } = this.changes;
    return heardSince !== null && performance.now() - heardSince > DEAF_MS;
  }

  private leave(following: Following): void {
    this.followings.remove(following);
    if (this.followings.size > 0) return;
    this.stopListening?.();
    this.stopListening = undefined;
  }

  private hear(changes: readonly Change[]): void {
    for (const { id, status } of changes) {
      for (const following of this.followings.of(id)) {
        following.words ||= status === undefined;
        this.followings.hurry(following);
      }
    }
  }

  private async look(followings: readonly Following[]): Promise<void> {
    try {
      const states = await this.history.states([...new Set(followings.map(({ id }) => id))]);
      const byId = new Map(states.map((state) => [state.id, state]));
      await Promise.all(
        followings.map(async (following) => {
          const state = byId.get(following.id);
          if (state) await this.tell(following, state);
          else this.endOf(following);
        }),
      );
    } catch {
      // The store is away: it is asked again, and nothing is lost.
    }
  }

  /** The task is gone, archived or deleted. */
  private endOf(following: Following): void {
    this.leave(following);
    following.sink([], true);
  }

  private async tell(following: Following, state: TaskState): Promise<void> {
    const mark = `${state.status} ${state.attempt}`;
    const moved = mark !== following.told;
    if (moved || following.words || state.status === 'PROCESSING') {
      const { whole, told } = await this.newsOf(following, state, moved);
      following.words = !whole;
      if (whole) following.told = mark;
      for (const one of told) if (one.event !== 'progress') following.position = one.position;
      const ended = whole && isFinal(state.status);
      if (ended) this.leave(following);
      else if (!whole) this.followings.hurry(following);
      if (told.length > 0 || ended) following.sink(told, ended);
      return;
    }
    const told = this.progressOf(following, state);
    if (told.length > 0) following.sink(told, false);
  }

  /** What is behind the follower's position; not the whole of it if there is much. */
  private async newsOf(following: Following, state: TaskState, moved: boolean): Promise<{ whole: boolean; told: Told[] }> {
    const mayHavePast =
      state.attempt > 1 || (state.attempt === 1 && state.status !== 'PROCESSING' && state.status !== 'COMPLETED');
    const attempts = moved && mayHavePast ? await this.store.pastAttempts(state.id) : [];
    const lines =
      state.attempt > 0 ? await this.store.logs(state.id, { size: LINES_AT_ONCE, after: lineBefore(following.position) }) : [];
    const news = historyOf(state, attempts, lines).filter(({ position }) => isAfter(position, following.position));
    const whole = lines.length < LINES_AT_ONCE;
    if (whole) return { whole, told: [...news, ...this.progressOf(following, state)].sort(byPlace) };
    // Behind the last line that was read there may be more lines, and they come first.
    const last: Position = [lines.at(-1)!.attempt, 1, lines.at(-1)!.line];
    return { whole, told: news.filter(({ position }) => !isAfter(position, last)) };
  }

  private progressOf(following: Following, state: TaskState): Told[] {
    const progress = JSON.stringify(state.progress);
    if (progress === following.progress) return [];
    following.progress = progress;
    return state.progress === null ? [] : [{ event: 'progress', state }];
  }
}

/** Progress is told before the status that ended its attempt. */
function byPlace(a: Told, b: Told): number {
  const isEnd = (told: Told) => (told.event === 'status' && isFinal(told.status) ? 1 : 0);
  const isProgress = (told: Told) => (told.event === 'progress' ? 1 : 0);
  return isEnd(a) - isEnd(b) || (isEnd(a) === 0 ? isProgress(a) - isProgress(b) : 0);
}
