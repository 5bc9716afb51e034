import type { Api } from './api.js';
import { deploy } from './deployment.js';
import { TaskwellProcess, type Env } from './processes.js';
import type { Scope } from './scope.js';

/**
 * Leads the client to the Taskwell that the contract is held against: the one that BASE_URL names (several doors of one
 * Taskwell are separated by commas), or else one that is started here. TARGET says which: `embedded` (unless given) or
 * `distributed`, which is two APIs and two workers.
 */
export async function enterTarget(api: Api, scope: Scope): Promise<void> {
  const { BASE_URL, TARGET = 'embedded' } = process.env;
  if (BASE_URL) {
    api.moveTo(...BASE_URL.split(',').map((url) => url.trim()));
    return;
  }
  const env: Env = { PLAIN_TASK_MS: 600 };
  if (TARGET === 'embedded') {
    api.moveTo((await TaskwellProcess.start('api', scope, env)).url);
  } else if (TARGET === 'distributed') {
    const { apis } = await deploy(scope, { apis: 2, workers: 2, env });
    api.moveTo(...apis.map(({ url }) => url));
  } else {
    throw new Error(`TARGET must be embedded or distributed, but is ${TARGET}.`);
  }
}
