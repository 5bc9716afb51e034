import { FIRST_ANNOUNCEMENT_LOST_MS, LEASE_AND_SWEEP_MS } from '../bounds.js';
import { fillUnderLoad } from '../parts/disk-full.js';
import type { Scenario } from '../scenario.js';
import { folderAt } from '../servers/place.js';

const SMALL = [{ type: 'test.effect' }, { type: 'test.throw', payload: { times: 1 } }];
const LARGE = [{ type: 'test.effect', payload: { text: 'x'.repeat(200_000) } }];

export default {
  name: 'embedded-disk-full',
  faults: [56],
  title: 'the disk of the database file is full, for small rows and in the middle of large ones',
  needs: 'embedded',
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS + LEASE_AND_SWEEP_MS,
  async run(stage) {
    const folder = folderAt({ memoryMb: 64 }, 'file', stage.scope, stage.folder);
    await stage.deploy({ fileFolder: folder });
    await fillUnderLoad(stage, { folder, leaveMb: 0, works: SMALL });
    await fillUnderLoad(stage, { folder, leaveMb: 1, works: LARGE });
  },
} satisfies Scenario;
