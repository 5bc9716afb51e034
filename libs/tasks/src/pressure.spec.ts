import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.js';
import { Pressure } from './pressure.js';

/** Keeps the event loop busy until its utilization is near 1. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('Pressure', () => {
  it('is high when submissions crowd at a busy process', () => {
    const pressure = new Pressure();
    work(20);
    pressure.submitted(64);

    expect(pressure.isHigh()).toBe(true);
  });

  it('is not high when submissions come one by one', () => {
    const pressure = new Pressure();
    work(20);
    pressure.submitted(1);

    expect(pressure.isHigh()).toBe(false);
  });

  it('is not high when the process has time', async () => {
    const before = performance.eventLoopUtilization();
    const pressure = new Pressure();
    await eventually('the loop has been idle', () => performance.eventLoopUtilization(before).utilization < 0.3);
    pressure.submitted(64);

    expect(pressure.isHigh()).toBe(false);
  });

  it('goes away with the crowd', () => {
    const pressure = new Pressure();
    work(20);
    pressure.submitted(64);

    expect(pressure.isHigh(performance.now() + 60)).toBe(false);
  });
});
