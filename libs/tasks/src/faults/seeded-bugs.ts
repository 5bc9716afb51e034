import type { SeededBug } from '@app/config';
import type { Executor } from '../executor.js';
import type { Transition } from '../lifecycle.js';
import type { TaskStore } from '../task-store.js';

/** What the defects are built into: the parts of one process. An API has no executor. */
export interface Parts {
  store: TaskStore;
  executor?: Executor;
}

/** How long a row is written after its answer, and how long after its acknowledgement a task is begun. */
const WRITE_LATE_MS = 200;
const BEGIN_LATE_MS = 20;

const BUGS: Record<SeededBug, (parts: Parts) => void> = {
  no_fencing: ({ store }) => {
    const settle = store.settle.bind(store);
    store.settle = async (transitions) => {
      const unguarded = await Promise.all(transitions.map((transition) => withoutGuard(store, transition)));
      // Its company makes the store settle all of them one by one, each as its guard says.
      return (await settle([...unguarded, OF_NO_TASK])).slice(0, -1);
    };
  },

  no_sweeper: ({ store }) => {
    store.due = async () => [];
    store.expired = async () => [];
    store.parked = async () => [];
  },

  ack_before_settle: ({ executor }) => {
    if (!executor) return;
    const execute = executor.execute.bind(executor);
    executor.execute = async (id, onRan) => {
      setTimeout(() => void execute(id, onRan).catch(() => {}), BEGIN_LATE_MS);
      return 'settled';
    };
  },

  answer_before_commit: ({ store }) => {
    const insert = store.insert.bind(store);
    const insertOnce = store.insertOnce.bind(store);
    const later = (write: () => Promise<unknown>) => void setTimeout(() => void write().catch(() => {}), WRITE_LATE_MS);
    store.insert = async (tasks, announceAgainMs) => later(() => insert(tasks, announceAgainMs));
    store.insertOnce = async (submissions, announceAgainMs) => {
      later(() => insertOnce(submissions, announceAgainMs));
      return submissions.map(() => ({ inserted: true }));
    };
  },
};

/** Builds the defects into the parts that run, so that nothing of them is in the code of the parts themselves. */
export function seedBugs(bugs: readonly SeededBug[], parts: Parts): void {
  for (const bug of bugs) BUGS[bug](parts);
}

const OF_NO_TASK: Transition = {
  taskId: '00000000-0000-7000-8000-000000000000',
  from: { status: 'PROCESSING', attempt: 0 },
  set: { status: 'FAILED' },
};

/** The same write for the row as it is now, whoever owns it. */
async function withoutGuard(store: TaskStore, transition: Transition): Promise<Transition> {
  const row = await store.find(transition.taskId);
  if (!row) return transition;
  return { ...transition, from: { status: row.status as Transition['from']['status'], attempt: row.attempt } };
}
