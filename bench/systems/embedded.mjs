import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { end, start } from '../processes.mjs';
import { API, ENV, NEWEST, submit, unfinished } from './taskwell.mjs';

/** Taskwell as one process on SQLite, which takes requests and runs the tasks. */
export const embedded = {
  title: 'Taskwell embedded (SQLite)',
  servers: [],

  /** `seed` is given the file, which has the schema, before the process starts. */
  async open(seed) {
    const folder = mkdtempSync(join(tmpdir(), 'taskwell-bench-'));
    const file = join(folder, 'taskwell.db');
    const launch = () => start(API, { ...ENV, DATABASE_URL: `sqlite:${file}` });
    if (seed) {
      await end(await launch());
      seed(file);
    }
    const api = await launch();
    const database = new Libsql(file, { readonly: true });
    const ask = async (sql) => database.prepare(sql).raw().get()?.[0];
    const marker = (await ask(NEWEST)) ?? '';
    const busy = database.prepare(unfinished('INDEXED BY tasks_status', marker));

    return {
      url: api.url,
      ask,
      pids: { api: api.child.pid },
      databaseUrl: `sqlite:${file}`,
      alwaysWorking: true,
      durability: 'every commit on disk before the answer (SQLite, synchronous = FULL)',
      fill: (tasks) => submit(api.url, tasks),
      busy: async () => busy.get() !== undefined,
      stop: () => end(api),
      async close() {
        database.close();
        await end(api);
        rmSync(folder, { recursive: true });
      },
    };
  },
};
