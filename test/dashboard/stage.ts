import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, type Body } from '../support/api.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import type { Scope } from '../support/scope.js';

const HANDLERS = join(import.meta.dirname, 'handlers');

/** A Taskwell in one process with data of its own and the types that the tests look at. It can be ended and started again. */
export class Stage {
  private constructor(
    private readonly scope: Scope,
    private readonly env: Env,
    public process: TaskwellProcess,
  ) {}

  static async open(scope: Scope, env: Env = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'taskwell-stage-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const own: Env = {
      NODE_ENV: 'test',
      TEST_HANDLERS: HANDLERS,
      DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
      FILES_URL: `file:${join(folder, 'files')}`,
      ...env,
    };
    return new Stage(scope, own, await TaskwellProcess.start('api', scope, own));
  }

  get url(): string {
    return this.process.url;
  }

  get api(): Api {
    return new Api(this.url);
  }

  /** Ends the process without a word and starts it anew on the same data and port. */
  async restart(): Promise<void> {
    const port = new URL(this.url).port;
    await this.process.kill();
    this.process = await TaskwellProcess.start('api', this.scope, { ...this.env, PORT: port });
  }

  /** Submits so many tasks at once. */
  async submitMany(count: number, task: (index: number) => Body): Promise<string[]> {
    const tasks = Array.from({ length: count }, (_, index) => task(index));
    const answer = await this.api.post<{ items: { task_id: string }[] }>('/api/tasks/batch', { tasks });
    if (answer.status !== 202) throw new Error(`Expected 202, got ${answer.status}: ${answer.text}`);
    return answer.body.items.map(({ task_id }) => task_id);
  }
}
