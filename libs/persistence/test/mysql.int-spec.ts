import { describe, it } from '@jest/globals';
import { openMysqlStore } from '../src/index.js';
import { createDatabase, whyNoMysql } from './servers.js';
import { describeTaskStore } from './task-store.contract.js';

const why = await whyNoMysql();
if (why) {
  describe('mysql', () => it.skip(why, () => undefined));
} else {
  describeTaskStore('mysql', async () => {
    const database = await createDatabase();
    const store = openMysqlStore({ databaseUrl: database.url, databaseTimeoutMs: 10_000, databasePoolSize: 10 });
    return {
      store,
      async close() {
        await store.close();
        await database.drop();
      },
    };
  });
}
