import { end, start } from '../processes.mjs';

/** An API process that runs, and a worker process that can be started and stopped. */
export class TwoProcesses {
  #worker;
  #api;
  #launchWorker;

  /** `launchWorker` starts a worker as {@link start} does. */
  constructor(api, launchWorker) {
    this.#api = api;
    this.#launchWorker = launchWorker;
  }

  static async of(apiFile, workerFile, env, workerPortKey) {
    return new TwoProcesses(await start(apiFile, env), () => start(workerFile, env, workerPortKey));
  }

  get url() {
    return this.#api.url;
  }

  get pids() {
    return { api: this.#api.child.pid, worker: this.#worker?.child.pid };
  }

  /** Starts the worker unless it runs. */
  async startWorker() {
    this.#worker ??= await this.#launchWorker();
  }

  async stopWorker() {
    if (this.#worker) await end(this.#worker);
    this.#worker = undefined;
  }

  async stop() {
    await Promise.all([this.stopWorker(), end(this.#api)]);
  }
}
