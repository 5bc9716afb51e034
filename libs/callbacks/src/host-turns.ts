/** Too many wait for this host. */
export class HostCrowded extends Error {
  override name = 'HostCrowded';
}

interface Line {
  running: number;
  waiting: Set<() => void>;
}

/** So many at once for each host, and so many more in line: one receiver that hangs holds up nobody but itself. */
export class HostTurns {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly atOnce: number,
    private readonly inLine: number,
  ) {}

  /** Does the work when the host has a turn. @throws HostCrowded at once if the line is full; the reason of the signal */
  async within<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(host) ?? { running: 0, waiting: new Set() };
    this.lines.set(host, line);
    if (line.running < this.atOnce) line.running++;
    else await this.turn(line, signal);
    try {
      return await work();
    } finally {
      this.giveBack(host, line);
    }
  }

  private turn(line: Line, signal: AbortSignal): Promise<void> {
    if (line.waiting.size >= this.inLine) throw new HostCrowded('Too many callbacks wait for this host.');
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.waiting.delete(go);
        reject(signal.reason as Error);
      };
      line.waiting.add(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private giveBack(host: string, line: Line): void {
    const [next] = line.waiting;
    if (next) {
      line.waiting.delete(next);
      next();
    } else if (--line.running === 0) this.lines.delete(host);
  }
}
