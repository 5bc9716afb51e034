import { FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import { dieSubmitting, unansweredRows } from '../parts/api-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'api-kill-after-commit',
  faults: [2],
  title: 'the API is killed after the rows are committed, before they are announced and answered',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS,
  async run(stage) {
    // Every batch may hold submissions with keys only, which are tried again and so are answered in the end.
    await dieSubmitting(stage, `after_row_commit#${stage.random.between(20, 120)}`);
    const [row] = await unansweredRows(stage);
    const announcedLate = (await stage.deployment.rows.all()).some((each) => each.completedAt! - each.createdAt > 5_000);
    stage.claim('rows that nobody announced were found by the sweeper', row !== undefined || announcedLate);
  },
} satisfies Scenario;
