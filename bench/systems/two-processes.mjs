import { end, start } from '../processes.mjs';

/** An API process that runs, and a worker process that can be started. */
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

  /** Starts the worker unless it runs. */
  async startWorker() {
    this.#worker ??= await this.#launchWorker();
  }

  async stop() {
    await Promise.all([this.#worker, this.#api].filter(Boolean).map(end));
  }
}
