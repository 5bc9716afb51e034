import { join } from 'node:path';
import Libsql from 'libsql';
import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';
import { untilAccepted } from '../parts/outage.js';

const ROUNDS = 8;
/** A point that a round does not come to in this time is not waited for. */
const ROUND_MS = 8_000;
/** Without one of these it dies at any moment. */
const POINTS = [
  'before_row_commit',
  'after_row_commit',
  'after_claim',
  'mid_effect',
  'before_settle',
  'after_settle_before_ack',
  '',
];
const WORKS = [
  { type: 'test.effect', payload: { before_ms: 20, after_ms: 20 } },
  { type: 'test.effect', payload: { after_ms: 1_000 } },
  { type: 'test.throw', payload: { times: 1 } },
  { type: 'test.big', payload: { bytes: 200_000 } },
];

export default {
  name: 'embedded-kill',
  faults: [56],
  title: `the process is killed ${ROUNDS} times on one file, at points of a task's life and at any moment, and started again`,
  needs: 'embedded',
  short: true,
  // Announcements are gone with the process, the repeated ones too.
  boundMs: R_MS,
  async run(stage) {
    const { random, client } = stage;
    // A task may be in the hands of many that are killed.
    const { apis } = await stage.prepare({ env: { MAX_CRASHES: 100 } });
    const app = apis[0]!;
    client.load({ works: WORKS, lines: 3 });
    client.load({ works: WORKS, lines: 3, keyed: true });
    await stage.fault(`the process is killed ${ROUNDS} times`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const point = random.pick(POINTS);
        const enough = client.accepted.length + random.between(20, 100);
        await app.spawn(point ? { FAIL_POINTS: `${point}#${random.between(1, 50)}` } : {});
        const overdue = () => client.accepted.length >= enough && point === '';
        await stage.until('its moment has come', () => !app.running || overdue(), ROUND_MS).catch(() => {});
        await app.kill();
      }
    });
    await app.start();
    await untilAccepted(stage);
    await client.stopAll();
    await stage.settle();
    const file = new Libsql(join(stage.folder, 'taskwell.db'), { readonly: true });
    stage.claim('the file is whole', JSON.stringify(file.pragma('integrity_check')).includes('"ok"'));
    file.close();
  },
} satisfies Scenario;
