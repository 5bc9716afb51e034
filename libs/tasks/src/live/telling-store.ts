import type { NewTask } from '../task.js';
import type { TaskStore } from '../task-store.js';
import type { Change, Changes } from './changes.js';

/** The store, telling of every change that was committed through it. Whoever changes tasks goes through it and need not know. */
export function tellingStore<S extends TaskStore>(store: S, changes: Changes): S {
  const telling: Partial<TaskStore> = {
    async insert(tasks, announceAgainMs) {
      await store.insert(tasks, announceAgainMs);
      if (changes.wanted) changes.made(tasks.map(submitted));
    },
    async insertOnce(submissions, announceAgainMs) {
      const outcomes = await store.insertOnce(submissions, announceAgainMs);
      if (changes.wanted)
        changes.made(submissions.flatMap(({ tasks }, index) => (outcomes[index]!.inserted ? tasks.map(submitted) : [])));
      return outcomes;
    },
    async claim(ids, terms) {
      const tasks = await store.claim(ids, terms);
      if (changes.wanted) changes.made(tasks.map(({ id, attempt, status }) => ({ id, attempt, status })));
      return tasks;
    },
    async settle(transitions) {
      const landed = await store.settle(transitions);
      if (changes.wanted) {
        const settled = transitions.filter((_, index) => landed[index]);
        changes.made(
          settled.flatMap(({ taskId, from, set, follow }): Change[] => [
            { id: taskId, attempt: from.attempt, status: set.status },
            ...(follow ?? []).map(submitted),
          ]),
        );
      }
      return landed;
    },
    async report(reports) {
      await store.report(reports);
      if (changes.wanted) changes.made(reports.map(({ lease: { id, attempt } }) => ({ id, attempt })));
    },
  };
  return Object.assign(Object.create(store) as S, telling);
}

function submitted({ id }: NewTask): Change {
  return { id, attempt: 0, status: 'PENDING' };
}
