import { TransportUnavailable } from '@app/tasks';

/** The outcome of the work, or TransportUnavailable when it takes longer than `ms`. The work itself goes on unobserved. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransportUnavailable(`The broker did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the work, but not longer than `ms` and whatever its outcome: for goodbyes, which a dead peer never answers. */
export async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  await within(ms, Promise.resolve(work)).catch(() => {});
}
