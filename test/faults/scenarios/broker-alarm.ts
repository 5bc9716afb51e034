import { lasting } from '../../support/eventually.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { submitThrough } from '../parts/broker-outage.js';
import type { Scenario } from '../scenario.js';

const ALARM_MS = 8_000;

export default {
  name: 'broker-alarm',
  faults: [39],
  title: 'the broker raises its memory alarm, then its disk alarm, while clients submit, and takes each back',
  needs: { database: 'shared', broker: { private: 'disk' } },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const { apis } = await stage.deploy();
    const alarms = [
      {
        name: 'memory',
        raise: ['set_vm_memory_high_watermark', 'absolute', '1MB'],
        clear: ['set_vm_memory_high_watermark', '0.4'],
      },
      { name: 'disk', raise: ['set_disk_free_limit', '1000000GB'], clear: ['set_disk_free_limit', '1MB'] },
    ];
    for (const { name, raise, clear } of alarms) {
      const load = await submitThrough(stage, `the ${name} alarm is on`, async () => {
        await stage.rabbitmq!.ctl(...raise);
        await lasting(ALARM_MS);
        await stage.rabbitmq!.ctl(...clear);
      });
      await load.stop();
      await stage.settle();
    }
    const alarmed = apis[0]!.process.output.match(/The broker takes no messages for now/g)?.length ?? 0;
    stage.claim(`the API was told of both alarms, not of ${alarmed}`, alarmed >= alarms.length);
  },
} satisfies Scenario;
