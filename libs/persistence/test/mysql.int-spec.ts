import { openMysqlStore } from '../src/index.js';
import { TestDatabase } from '../../../test/support/database.js';
import { describeWithMysql } from '../../../test/support/suites.js';
import { describeAccessStore } from './access-store.contract.js';
import { describeRecordStore } from './record-store.contract.js';
import { describeScheduleStore } from './schedule-store.contract.js';
import { describeCallbackStore } from './callback-store.contract.js';
import { describeOperations } from './operations.contract.js';
import { describeTaskStore } from './task-store.contract.js';

describeWithMysql('MySQL', () => {
  const open = async () => {
    const database = await TestDatabase.create();
    const store = openMysqlStore({ databaseUrl: database.url, databaseTimeoutMs: 10_000, databasePoolSize: 10 });
    return {
      store,
      async close() {
        await store.close();
        await database.drop();
      },
    };
  };

  describeTaskStore('mysql', open);
  describeScheduleStore('mysql', open);
  describeRecordStore('mysql', open);
  describeCallbackStore('mysql', open);
  describeOperations('mysql', open);
  describeAccessStore('mysql', open);
});
