/** Faults that no scenario shows, with the reason. One that gets its scenario leaves this list. */
export const NOT_SHOWN: readonly { faults: readonly number[]; what: string; why: string }[] = [
  { faults: [53], what: 'Redis is gone', why: 'Taskwell uses no Redis' },
];
