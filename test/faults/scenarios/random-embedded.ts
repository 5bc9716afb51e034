import { join } from 'node:path';
import Libsql from 'libsql';
import { lasting } from '../../support/eventually.js';
import { Random } from '../../support/random.js';
import { LEASE_AND_SWEEP_MS, R_MS } from '../bounds.js';
import { fillDisk } from '../parts/disk.js';
import { STORM_ENV, WARM_UP_MS, storm } from '../parts/storm.js';
import type { Scenario } from '../scenario.js';
import { folderAt } from '../servers/place.js';

export default {
  name: 'random-embedded',
  faults: [56, 58],
  title: 'one fault each 10 to 30 s falls on the process and its file, for --minutes',
  needs: 'embedded',
  byNameOnly: true,
  handBacks: true,
  warmUpMs: WARM_UP_MS,
  boundMs: Math.max(R_MS, LEASE_AND_SWEEP_MS),
  async run(stage) {
    const random = Random.from(stage.random.seed(), 'nemeses');
    const folder = folderAt({ memoryMb: 1_024 }, 'file', stage.scope, stage.folder);
    const app = (await stage.deploy({ env: STORM_ENV, fileFolder: folder })).apis[0]!;
    await storm(stage, random, {
      'the process is killed': async () => {
        await app.kill();
        await lasting(random.between(0, 3_000));
        await app.start();
      },
      'the process stands still': async () => {
        app.freeze();
        await lasting(random.between(1_000, 12_000));
        app.thaw();
      },
      'the process is restarted': async () => {
        await app.stop();
        await app.start();
      },
      'the disk is full': async () => {
        const free = fillDisk(folder);
        await lasting(random.between(1_000, 10_000));
        free();
      },
      'the file is locked': async () => {
        const other = new Libsql(join(folder, 'taskwell.db'), { timeout: 5_000 });
        other.exec('BEGIN IMMEDIATE');
        await lasting(random.between(1_000, 10_000));
        other.exec('ROLLBACK');
        other.close();
      },
    });
  },
} satisfies Scenario;
