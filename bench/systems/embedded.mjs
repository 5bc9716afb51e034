import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, start } from '../processes.mjs';
import { API, ENV, submit } from './taskwell.mjs';

/** Taskwell as one process on SQLite, which takes requests and runs the tasks. */
export const embedded = {
  title: 'Taskwell embedded (SQLite)',
  servers: [],

  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'taskwell-bench-'));
    const api = await start(API, { ...ENV, DATABASE_URL: `sqlite:${folder}/taskwell.db` });
    return {
      url: api.url,
      alwaysWorking: true,
      durability: 'every commit on disk before the answer (SQLite, synchronous = FULL)',
      fill: (tasks) => submit(api.url, tasks),
      async busy() {
        const answer = await fetch(`${api.url}/api/tasks?status=PENDING,PROCESSING&page_size=1`);
        return (await answer.json()).items.length > 0;
      },
      async close() {
        await end(api);
        rmSync(folder, { recursive: true });
      },
    };
  },
};
