import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from './http.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import type { Scope } from './scope.js';

export type Env = Record<string, string | number>;

/** How a process ended: with an exit code, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const ROOT = join(import.meta.dirname, '../..');
const MAIN = { api: join(ROOT, 'dist/apps/api/src/main.js'), worker: join(ROOT, 'dist/apps/worker/src/main.js') };
/** A busy machine starts many of them at once. */
const BOOT_MS = 60_000;
const STOP_MS = 40_000;

/** Where the processes think they are: a clock far from UTC shows every time that is not. */
const TIME_ZONE = 'Asia/Kathmandu';

/** A Taskwell process of the build in dist/, as a user would start it. TEST_LOGS names a folder to keep what each one writes. */
export class TaskwellProcess {
  /** What it wrote so far, both streams. */
  output = '';
  readonly ended: Promise<Ending>;
  private ending: Ending | null = null;

  private constructor(
    private readonly child: ChildProcess,
    /** Base URL of its HTTP port. */
    readonly url: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        if (process.env.TEST_LOGS) appendFileSync(join(process.env.TEST_LOGS, `${child.pid}.log`), text);
      });
    }
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve((this.ending = { code, signal })));
    });
  }

  /** Starts a process without waiting for it; the scope ends it. Only `env` is set, nothing of this process's settings. */
  static async spawn(app: 'api' | 'worker', scope: Scope, env: Env = {}): Promise<TaskwellProcess> {
    const port = Number(env[portKey(app)] ?? (await freePort()));
    const cwd = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    const child = spawn(process.execPath, [MAIN[app]], {
      cwd,
      env: { PATH: process.env.PATH, TZ: TIME_ZONE, ...asText({ [portKey(app)]: port, ...env }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new TaskwellProcess(child, `http://127.0.0.1:${port}`);
    scope.onEnd(async () => {
      await started.stop();
      await rm(cwd, { recursive: true, force: true });
    });
    return started;
  }

  /** Starts a process and waits until it is ready for work. */
  static async start(app: 'api' | 'worker', scope: Scope, env: Env = {}): Promise<TaskwellProcess> {
    const started = await TaskwellProcess.spawn(app, scope, env);
    await started.ready();
    return started;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** For LIKE: the worker ids that this process gives itself. */
  get workerIds(): string {
    return `%:${this.pid}:%`;
  }

  /** Resident memory in bytes; undefined where the system does not tell. */
  async residentBytes(): Promise<number | undefined> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  }

  /** How long its event loop has waited for a processor since it began, in milliseconds; 0 where the system does not tell. */
  async waitedForProcessorMs(): Promise<number> {
    const [, waited] = (await readFile(`/proc/${this.pid}/task/${this.pid}/schedstat`, 'utf8').catch(() => '')).split(' ');
    return Number(waited ?? 0) / 1e6;
  }

  /** Resolves when /readyz says yes. */
  async ready(within = BOOT_MS): Promise<void> {
    await eventually(
      'the process is ready',
      async () => {
        if (this.ending) return 'ended';
        return (await send(this.url, { path: '/readyz' })).status === 200 && 'ready';
      },
      { within, every: 25 },
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
    if (this.ending) throw new Error(`The process ended while it started (${JSON.stringify(this.ending)}).\n${this.output}`);
  }

  /** How it ended; null while it runs. */
  get endedWith(): Ending | null {
    return this.ending;
  }

  /** The state letter that the system gives it: T is stopped. */
  async state(): Promise<string | undefined> {
    const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8').catch(() => '');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it without a word. */
  async kill(): Promise<Ending> {
    this.signal('SIGKILL');
    return this.ended;
  }

  /** Ends it in good order, or by force if it does not end. */
  async stop(): Promise<Ending> {
    if (this.ending) return this.ending;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const force = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    const ending = await this.ended;
    clearTimeout(force);
    return ending;
  }
}

function portKey(app: 'api' | 'worker'): string {
  return app === 'api' ? 'PORT' : 'WORKER_PORT';
}

function asText(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]));
}
