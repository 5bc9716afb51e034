import { describe, expect, it } from '@jest/globals';
import { Settings } from '@app/config';
import { MAX_WAITING } from '../src/embedded/queue.js';
import { announcement, describeTransport } from './transport.contract.js';
import { createWorker } from './worker.js';

describeTransport('embedded', async (overrides) => ({
  settings: Object.assign(new Settings(), overrides),
  sendsAhead: false,
  countedAs: 1,
  leave: async () => {},
}));

describe('the embedded queue', () => {
  it('drops what is beyond its bound without a word, as the sweeper announces it again', async () => {
    const worker = await createWorker(new Settings(), () => {});

    await worker.transport.announce(Array.from({ length: MAX_WAITING + 500 }, () => announcement('low')));

    expect(await worker.transport.depth()).toEqual({ high: 0, normal: 0, low: MAX_WAITING });
    await worker.close();
  });
});
