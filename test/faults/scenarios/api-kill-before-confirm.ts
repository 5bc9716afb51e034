import { FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import { dieSubmitting } from '../parts/api-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'api-kill-before-confirm',
  faults: [3],
  title: 'the API is killed when the broker has the announcements, before it notes the confirmation',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS,
  async run(stage) {
    await dieSubmitting(stage, `before_confirm#${stage.random.between(20, 120)}`);
  },
} satisfies Scenario;
