import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { StoreUnavailable, TaskStore } from '@app/tasks';
import { PersistenceModule, openSqliteStore } from '../src/index.js';
import { newTask } from './builders.js';

describe('PersistenceModule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-'));
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function applicationOn(databaseUrl: string) {
    const settings = { databaseUrl, databaseTimeoutMs: 500, databasePoolSize: 2 };
    const application = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(settings)] }).compile();
    return { application: await application.init(), settings };
  }

  it('gives the SQLite store, and lets go of the file at shutdown', async () => {
    const { application, settings } = await applicationOn(`sqlite:${join(folder, 'tasks.db')}`);
    const task = newTask();
    await application.get(TaskStore).insert([task], 0);
    await application.close();

    const store = await openSqliteStore(settings);
    expect(await store.find(task.id)).not.toBeNull();
    await store.close();
  });

  it('comes up while MySQL is away', async () => {
    const { application } = await applicationOn('mysql://nobody:secret@127.0.0.1:1/nowhere');

    await expect(application.get(TaskStore).ping()).rejects.toThrow(StoreUnavailable);
    await application.close();
  });
});
