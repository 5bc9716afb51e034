import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Changes, type Carrier, type Change } from './changes.js';
import { Feed, type FeedEvent, type FeedNews } from './feed.js';
import { HistoryStore } from './history-store.js';
import type { TaskState } from './history.js';

const NOW = Date.UTC(2027, 0, 1);

/** Knows every task, and says that it is being processed. */
class AnyTask extends HistoryStore {
  async states(ids: readonly string[]): Promise<TaskState[]> {
    const at = new Date(NOW);
    const times = { runAt: at, createdAt: at, startedAt: at, updatedAt: at, completedAt: null };
    return ids.map((id) => ({
      ...{ id, type: 'test.work', title: 'Work', status: 'PROCESSING', attempt: 1, workerId: 'w', error: null, progress: null },
      ...times,
    }));
  }
}

class Wire implements Carrier {
  readonly wanted = false;
  heardSince: number | null = null;
  carry(): void {}
  listen(): void {}
}

const begun = (id: string): Change => ({ id, attempt: 1, status: 'PROCESSING' });

/** What a reader was given, as the ids of tasks and `reset`. */
function reader() {
  const told: string[] = [];
  const events: FeedEvent[] = [];
  const read = (news: FeedNews): void => {
    if ('reset' in news) told.push('reset');
    else {
      told.push(...news.map(({ state }) => state.id));
      events.push(...news);
    }
  };
  return { told, events, read };
}

describe('Feed', () => {
  let changes: Changes;
  let feed: Feed;

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    changes = new Changes();
    feed = new Feed(new AnyTask(), changes);
    jest.advanceTimersByTime(10_000);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const round = () => jest.advanceTimersByTimeAsync(300);

  it('tells every reader what happens', async () => {
    const [one, other] = [reader(), reader()];
    feed.read(undefined, one.read);
    feed.read(undefined, other.read);
    changes.made([begun('a'), begun('b')]);
    await round();

    expect(one.told).toEqual(['a', 'b']);
    expect(other.told).toEqual(['a', 'b']);
  });

  it('tells who comes back what came after the event that was seen last', async () => {
    const before = reader();
    const leave = feed.read(undefined, before.read);
    changes.made([begun('a')]);
    await round();
    leave();
    changes.made([begun('b')]);
    await round();
    const after = reader();
    feed.read(before.events[0]!.id, after.read);
    await round();

    expect(after.told).toEqual(['b']);
  });

  it('tells who comes from another process what came since, and a little of before', async () => {
    feed.read(undefined, () => {});
    await jest.advanceTimersByTimeAsync(20_000);
    changes.made([begun('a')]);
    await round();
    const after = reader();
    feed.read(`${Date.now()}-7`, after.read);

    expect(after.told).toEqual(['a']);
  });

  it.each(['1000-0', 'nonsense', `${NOW - 60_000}-0`])('resets for the id %s', (lastId) => {
    const after = reader();
    feed.read(lastId, after.read);

    expect(after.told).toEqual(['reset']);
  });

  it('resets when more changes than anybody can read', async () => {
    const one = reader();
    feed.read(undefined, one.read);
    changes.made(Array.from({ length: 600 }, (_, n) => begun(`t${n}`)));
    await round();

    expect(one.told).toEqual(['reset']);
  });

  it('resets when it began to hear of everything again, and not before', async () => {
    const wire = new Wire();
    changes.connect(wire);
    const one = reader();
    feed.read(undefined, one.read);
    expect(one.told).toEqual(['reset']);
    wire.heardSince = performance.now();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(one.told).toEqual(['reset', 'reset']);
    wire.heardSince = null;
    await jest.advanceTimersByTimeAsync(1_000);
    wire.heardSince = performance.now();
    await jest.advanceTimersByTimeAsync(1_000);

    expect(one.told).toEqual(['reset', 'reset', 'reset']);
  });

  it('keeps nothing a minute after its last reader has left', async () => {
    const before = reader();
    const leave = feed.read(undefined, before.read);
    changes.made([begun('a')]);
    await round();
    leave();
    await jest.advanceTimersByTimeAsync(61_000);
    const after = reader();
    feed.read(before.events[0]!.id, after.read);

    expect(after.told).toEqual(['reset']);
  });
});
