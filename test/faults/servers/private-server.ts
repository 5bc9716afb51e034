import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { eventually } from '../../support/eventually.js';

/** How a server is started. */
export interface Program {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  /** File for its output. */
  log: string;
}

/** A server that a scenario has for itself, so that it may kill it, stop it, fill its disk or wipe its data. */
export abstract class PrivateServer {
  private child?: ChildProcess;
  private ended: Promise<unknown> = Promise.resolve();

  protected constructor(
    /** For users of the server; the same after every start. */
    readonly url: string,
    /** Where it keeps what it must not lose. */
    readonly dataFolder: string,
    private readonly program: Program,
    private readonly bootMs: number,
  ) {}

  get pid(): number {
    return this.child!.pid!;
  }

  get running(): boolean {
    return this.child?.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    this.launch();
    await eventually(
      `${this.program.command} serves (log: ${this.program.log})`,
      async () => {
        if (!this.running) return 'ended';
        await this.enter();
        return 'serving';
      },
      { within: this.bootMs, every: 100 },
    );
    if (!this.running) throw new Error(`${this.program.command} ended while it started; see ${this.program.log}.`);
  }

  /** Starts it without waiting. */
  launch(): void {
    const { command, args, env, log } = this.program;
    const out = openSync(log, 'a');
    this.child = spawn(command, args, { env: { PATH: process.env.PATH!, ...env }, stdio: ['ignore', out, out] });
    this.child.on('error', () => {});
    this.ended = new Promise((resolve) => this.child!.on('close', resolve));
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.child!.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.child!.kill('SIGTERM');
    await this.ended;
  }

  /** SIGSTOP: it accepts connections, by the kernel, and never answers. */
  freeze(): void {
    this.child!.kill('SIGSTOP');
  }

  /** SIGCONT. */
  thaw(): void {
    this.child!.kill('SIGCONT');
  }

  /** Makes the data folder as for the first start. */
  abstract wipe(): Promise<void>;

  /** Rejects unless the server serves. */
  protected abstract enter(): Promise<void>;
}
