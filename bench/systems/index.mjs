import { bullmq } from './bullmq.mjs';
import { distributed } from './distributed.mjs';
import { embedded } from './embedded.mjs';
import { graphileWorker } from './graphile-worker.mjs';
import { pgBoss } from './pg-boss.mjs';

/**
 * What is compared, by the names that `--only` knows. `open()` starts an API process with an empty database and no worker. The
 * deployment it answers can `startWorker` (if there is none), `fill` itself with tasks while no worker runs, say how many are `completed`
 * of those and whether it is still `busy`, `clear` itself, and `close` for good. One that is `alwaysWorking` has no worker to stop.
 */
export const SYSTEMS = { embedded, distributed, bullmq, 'pg-boss': pgBoss, 'graphile-worker': graphileWorker };
