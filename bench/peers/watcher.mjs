const EVERY_MS = 4;

/**
 * For queues that tell nobody when something is finished: waits for ids, and while there are any asks `finishedOf(ids)` every 4 ms
 * for all of them at once. As often as Taskwell's API looks at first.
 */
export function watcher(finishedOf) {
  const waiting = new Map();

  async function look() {
    for (const id of await finishedOf([...waiting.keys()])) {
      waiting.get(id)();
      waiting.delete(id);
    }
    if (waiting.size > 0) setTimeout(look, EVERY_MS);
  }

  return ({ id }) =>
    new Promise((resolve) => {
      if (waiting.size === 0) setTimeout(look, EVERY_MS);
      waiting.set(id, resolve);
    });
}
