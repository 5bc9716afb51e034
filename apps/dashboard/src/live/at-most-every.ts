/** Does something soon, at once if it was not done lately, and once for all who asked meanwhile. */
export function atMostEvery(pauseMs: number, act: () => void): { soon: () => void; stop: () => void } {
  let doneAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        doneAt = performance.now();
        act();
      },
      Math.max(doneAt + pauseMs - performance.now(), 0),
    );
  };
  return { soon, stop: () => clearTimeout(timer) };
}
