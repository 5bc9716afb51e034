import type { Terms } from './checker/check.js';
import type { Place } from './servers/place.js';
import type { Stage } from './stage.js';

/** A server that others use too, with a database or queues of the scenario's own; or one of its own, which it may hurt. */
export type ServerNeed = 'shared' | { private: Place };

/** One fault, or several, at a point of a task's life, and by what the outcome is judged. */
export interface Scenario extends Terms {
  /** How it is called on the command line: kebab-case. */
  name: string;
  /** Numbers of the faults it shows, as in README.md. */
  faults: readonly number[];
  /** What happens, in a phrase. */
  title: string;
  /** `embedded`: one process on SQLite. */
  needs: { database: ServerNeed; broker: ServerNeed } | 'embedded';
  /** Part of the selection of `--short`. */
  short?: boolean;
  /** Left out when every scenario is run. */
  byNameOnly?: boolean;
  /**
   * Does it: deploys, loads, injects. When it returns, the load is stopped, everything accepted gets the time to finish, and the
   * checker judges. It may claim more with `stage.claim`. A throw fails the run.
   */
  run(stage: Stage): Promise<void>;
}
