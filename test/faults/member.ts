import { freePort } from '../support/ports.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess, type Ending, type Env } from '../support/processes.js';
import type { Scope } from '../support/scope.js';
import type { ProcessRecord } from './evidence.js';

/** What the worker logs when an old attempt's outcome is not taken. */
const DROPPED = /lost its lease; its outcome is dropped/g;

/** An API or a worker of a deployment. It keeps its name, port and settings when its process ends and a new one is started. */
export class Member {
  /** One for each process it had. */
  readonly records: ProcessRecord[] = [];
  private readonly processes: TaskwellProcess[] = [];
  private readonly meant = new Set<NodeJS.Signals>();
  private readiness: Promise<void> = Promise.resolve();
  private supervised = false;
  private supervision: Promise<void> = Promise.resolve();

  private constructor(
    readonly app: 'api' | 'worker',
    readonly name: string,
    /** Base URL of its HTTP port. */
    readonly url: string,
    private readonly scope: Scope,
    private readonly env: Env,
  ) {}

  static async create(app: 'api' | 'worker', name: string, scope: Scope, env: Env): Promise<Member> {
    const port = await freePort();
    const own: Env = app === 'api' ? { PORT: port } : { WORKER_PORT: port };
    return new Member(app, name, `http://127.0.0.1:${port}`, scope, { ...env, ...own });
  }

  /** The process it has or had last. */
  get process(): TaskwellProcess {
    const last = this.processes.at(-1);
    if (!last) throw new Error(`${this.name} was never started.`);
    return last;
  }

  /** What each of its processes wrote. */
  get outputs(): { name: string; pid: number; output: string }[] {
    return this.processes.map(({ pid, output }) => ({ name: this.name, pid, output }));
  }

  get running(): boolean {
    return this.processes.at(-1)?.endedWith === null;
  }

  /** Starts a process and waits until it is ready. FAIL_POINTS in `more` mean that its death by SIGKILL is expected. */
  async start(more: Env = {}): Promise<void> {
    await this.spawn(more);
    await this.readiness;
  }

  /** Starts a process without waiting for it. */
  async spawn(more: Env = {}): Promise<void> {
    if (this.running) throw new Error(`${this.name} runs already.`);
    const started = await TaskwellProcess.spawn(this.app, this.scope, { ...this.env, ...more });
    const record: ProcessRecord = {
      name: this.name,
      pid: started.pid,
      startedAt: Date.now(),
      readyAt: null,
      ending: null,
      expected: false,
      fenced: 0,
      rss: [],
      delays: [],
    };
    this.processes.push(started);
    this.records.push(record);
    this.readiness = started.ready().then(() => void (record.readyAt = Date.now()));
    // Whoever does not wait for it is not told.
    this.readiness.catch(() => {});
    const armed = more.FAIL_POINTS ?? this.env.FAIL_POINTS;
    void started.ended.then((ending) => {
      record.ending = { at: Date.now(), ...ending };
      record.fenced = started.output.match(DROPPED)?.length ?? 0;
      if (armed && ending.signal === 'SIGKILL') record.expected = true;
      if (ending.signal && this.meant.has(ending.signal)) record.expected = true;
    });
  }

  /** `kill -9`. */
  async kill(): Promise<Ending> {
    this.expectEnd();
    return this.process.kill();
  }

  /** SIGTERM; it must end by itself, with 0. */
  async stop(): Promise<Ending> {
    this.supervised = false;
    const ending = await this.stopCurrent();
    await this.supervision;
    return this.running ? this.stopCurrent() : ending;
  }

  /** SIGSTOP: it stands still. */
  freeze(): void {
    this.process.signal('SIGSTOP');
  }

  /** SIGCONT. */
  thaw(): void {
    this.process.signal('SIGCONT');
  }

  /** Resolves when its process has ended, for instance at a fail point. */
  async dies(within = 30_000): Promise<Ending> {
    await eventually(`${this.name} dies`, () => !this.running, { within });
    return this.process.ended;
  }

  /** Resolves when its process stands still, for instance at a fail point `stop@…`. */
  async standsStill(within = 30_000): Promise<void> {
    await eventually(`${this.name} stands still`, async () => (await this.process.state()) === 'T', { within });
  }

  /** The scenario makes it end in a way that this class does not see, for instance by a task that aborts it. */
  expectEnd(): void {
    const record = this.records.at(-1)!;
    record.expected = true;
  }

  /** As {@link expectEnd}, for all of its processes that end by this signal from now on. */
  expectEnds(signal: NodeJS.Signals): void {
    this.meant.add(signal);
  }

  /** Starts a new process whenever one has ended, as an orchestrator does, until it is stopped. `next` gives the settings of each. */
  supervise(next: () => Env = () => ({})): void {
    this.supervised = true;
    const watch = async () => {
      while (this.supervised && !this.scope.ended) {
        await this.process.ended;
        if (this.supervised && !this.scope.ended) await this.spawn(next());
      }
    };
    this.supervision = watch();
  }

  /** Starts no new processes any more. */
  leaveAlone(): void {
    this.supervised = false;
  }

  private async stopCurrent(): Promise<Ending> {
    const record = this.records.at(-1)!;
    if (record.ending) return this.process.ended;
    const ending = await this.process.stop();
    // Node ends by the signal itself as long as the program has not begun to listen to it.
    record.expected ||= ending.code === 0 || (record.readyAt === null && ending.signal === 'SIGTERM');
    return ending;
  }
}
