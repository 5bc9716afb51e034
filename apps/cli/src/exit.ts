/** How the command line ends. Stable: scripts rely on it; docs/cli.md names them. */
export const EXIT = { ok: 0, taskFailed: 1, usage: 2, unreachable: 3, refused: 4, unhealthy: 5 } as const;

/** Ends the command with a code and one line. */
export class Stop extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export function usage(message: string): Stop {
  return new Stop(EXIT.usage, `${message} Try: taskwell help`);
}
