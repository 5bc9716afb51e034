import { Random } from '../../support/random.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { R_MS } from '../bounds.js';
import { NEMESES, type Cast } from '../parts/nemeses.js';
import { STORM_ENV, WARM_UP_MS, storm } from '../parts/storm.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'random',
  faults: [58],
  title: 'one fault each 10 to 30 s falls on workers, APIs, broker, database or the lines to them, for --minutes',
  needs: { database: { private: 'disk' }, broker: { private: 'disk' } },
  byNameOnly: true,
  handBacks: true,
  warmUpMs: WARM_UP_MS,
  boundMs: 3 * R_MS,
  async run(stage) {
    // Drawn before anything else draws, so that the same seed means the same faults.
    const random = Random.from(stage.random.seed(), 'nemeses');
    const lines: Partial<Cast['lines']> = {};
    // APIs and workers ask one after the other, and share the line.
    const by = (line: keyof Cast['lines']) => async (url: string) =>
      (lines[line] ??= await TcpProxy.before(url, stage.scope)).through(url);
    const ways = { database: by('database'), broker: by('broker') };
    const deployment = await stage.deploy({ apis: 2, workers: 3, env: STORM_ENV, ways });
    const cast: Cast = { stage, deployment, random, lines: lines as Cast['lines'], queuesDeletedAt: performance.now() };
    await storm(stage, random, Object.fromEntries(Object.entries(NEMESES).map(([name, fall]) => [name, () => fall(cast)])));
  },
} satisfies Scenario;
