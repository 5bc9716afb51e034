import { describe, expect, it } from '@jest/globals';
import type { HistoryLine } from '../evidence.js';
import { evidence, fault, processRecord } from './builders.js';
import { exits, growth, loopDelay } from './processes.js';

const killed = { at: 5_000, code: null, signal: 'SIGKILL' };

describe('exits', () => {
  it('finds a process that ended and should not', () => {
    expect(exits(evidence({ processes: [processRecord({ ending: killed, expected: false })] }))).toHaveLength(1);
    expect(exits(evidence({ processes: [processRecord({ ending: killed })] }))).toEqual([]);
  });
});

describe('growth', () => {
  const rss = [1_000, 6_000, 20_000, 30_000, 40_000].map((at, index) => ({ at, bytes: [10, 50, 40, 90, 70][index]! }));
  const grown = (...history: HistoryLine[]) => growth(evidence({ history, processes: [processRecord({ rss })] })).bytes;

  it('is measured from the most that the process needed to get warm', () => {
    expect(grown()).toBe(40);
  });

  it('is measured from the first fault if that is later', () => {
    expect(grown(...fault(35_000, 36_000))).toBe(0);
    expect(grown(...fault(25_000, 26_000))).toBe(40);
  });
});

describe('loopDelay', () => {
  const delays = (slow: number) => Array.from({ length: 200 }, (_, index) => ({ at: index, ms: index < slow ? 500 : 5 }));

  it('is the 99th percentile of the slowest process', () => {
    const processes = [processRecord({ delays: delays(0) }), processRecord({ name: 'worker-2', delays: delays(3) })];

    expect(loopDelay(evidence({ processes }))).toEqual({ name: 'worker-2', ms: 500 });
    expect(loopDelay(evidence({ processes: [processRecord({ delays: delays(2) })] })).ms).toBe(5);
  });
});
