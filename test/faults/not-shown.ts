/** Faults that no scenario shows, with the reason. One that gets its scenario leaves this list. */
export const NOT_SHOWN: readonly { faults: readonly number[]; what: string; why: string }[] = [
  {
    faults: [38],
    what: 'the disk for uploads is full',
    why: 'no scenario yet; the specs of the upload make its disk full by an injected error',
  },
  { faults: [53], what: 'Redis is gone', why: 'Taskwell uses no Redis' },
];
