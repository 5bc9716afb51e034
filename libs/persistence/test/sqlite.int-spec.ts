import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../src/index.js';
import { describeAccessStore } from './access-store.contract.js';
import { describeRecordStore } from './record-store.contract.js';
import { describeScheduleStore } from './schedule-store.contract.js';
import { describeCallbackStore } from './callback-store.contract.js';
import { describeOperations } from './operations.contract.js';
import { describeTaskStore } from './task-store.contract.js';

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-'));
  const store = await openSqliteStore({
    databaseUrl: `sqlite:${join(folder, 'tasks.db')}`,
    databaseTimeoutMs: 2_500,
    databasePoolSize: 10,
  });
  return {
    store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
};

describeTaskStore('sqlite', open);
describeScheduleStore('sqlite', open);
describeRecordStore('sqlite', open);
describeCallbackStore('sqlite', open);
describeOperations('sqlite', open);
describeAccessStore('sqlite', open);
