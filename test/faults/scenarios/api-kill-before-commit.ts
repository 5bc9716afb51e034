import { FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import { dieSubmitting } from '../parts/api-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'api-kill-before-commit',
  faults: [1],
  title: 'the API is killed before the rows are committed; clients with keys try again',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS,
  async run(stage) {
    await dieSubmitting(stage, `before_row_commit#${stage.random.between(20, 120)}`);
  },
} satisfies Scenario;
