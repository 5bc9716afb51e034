import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { send } from '../../support/http.js';
import { R_MS } from '../bounds.js';
import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** What the next version adds. */
const NEXT_SCHEMA = `
  ALTER TABLE tasks ADD COLUMN region VARCHAR(40) NULL AFTER type, ADD COLUMN deadline_at DATETIME(3) NULL;
  ALTER TABLE task_attempts ADD COLUMN host VARCHAR(40) NULL;
  CREATE TABLE task_labels (task_id CHAR(36) NOT NULL PRIMARY KEY, label VARCHAR(40) NULL);
  INSERT INTO migrations (timestamp, name) VALUES (4102444800000, 'AddRegions4102444800000')`;
const FROM_NEXT = 20;
const NEW_TYPE = { type: 'test.effect' };
const OLD_TYPE = { type: 'test.throw', payload: { times: 1 } };

export default {
  name: 'versions-side-by-side',
  faults: [50],
  title: 'the next version adds columns, a table, fields of messages and a type of task, while workers run that know none of it',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: R_MS,
  async run(stage) {
    const { apis, workers, database } = await stage.prepare({ apis: 2, workers: 3 });
    const [api, laterApi] = apis as [Member, Member];
    const [worker, oldWorker, laterWorker] = workers as [Member, Member, Member];
    await Promise.all([api.start(), worker.start(), oldWorker.start({ TEST_HANDLERS: handlersOf(stage, 'failing') })]);
    const load = stage.client.load({ works: [NEW_TYPE, OLD_TYPE] });
    await stage.until('the load flows', () => load.accepted.length > 50);
    await stage.fault('the next version is there, and not everywhere', async () => {
      await database.run(NEXT_SCHEMA);
      await Promise.all([laterApi.start({ TEST_HANDLERS: handlersOf(stage, 'failing', 'later') }), laterWorker.start()]);
      await submitAsNext(stage);
      const flowing = load.accepted.length;
      await stage.until('submissions go on', () => load.accepted.length > flowing + 100);
      const { body } = await send<{ type: string }>(laterApi.url, { path: `/api/tasks/${await newTypeId(stage)}` });
      stage.claim('an API shows a task of a type that it does not know', body.type === NEW_TYPE.type);
      await oldWorker.stop();
    });
    await load.stop();
    await stage.settle();
    const kept = await database.count('region = ? AND deadline_at IS NOT NULL', ['north']);
    stage.claim('what the next version wrote beside is still there', kept === FROM_NEXT);
  },
} satisfies Scenario;

/** A folder with these handlers only, as in a version that lacks the others. */
function handlersOf(stage: Stage, handler: string, folder = 'earlier'): string {
  const path = join(stage.folder, folder);
  mkdirSync(path);
  symlinkSync(join(import.meta.dirname, `../handlers/${handler}.handler.mjs`), join(path, `${handler}.handler.mjs`));
  return path;
}

/** Rows and messages as the next version writes them: with columns and fields that this one does not know. */
async function submitAsNext({ history, deployment: { database, broker }, client }: Stage): Promise<void> {
  for (let n = 0; n < FROM_NEXT; n++) {
    const submission = `next-${n}`;
    const at = Date.now();
    history.add({ what: 'invoke', at, submission, type: NEW_TYPE.type, expect: 'COMPLETED' });
    const [row] = await database.rows<{ id: string }>('SELECT UUID() AS id');
    const id = row!.id;
    await database.run(
      `INSERT INTO tasks (id, type, region, deadline_at, title, status, priority, metadata, tags, max_attempts, created_at, updated_at,
         run_at, announce_at)
       VALUES (?, ?, 'north', UTC_TIMESTAMP(3), 'Of the next version', 'PENDING', 'normal', ?, '[]', 3, UTC_TIMESTAMP(3),
         UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 10 SECOND)`,
      [id, NEW_TYPE.type, JSON.stringify({ submission, priority_boost: 2 })],
    );
    history.add({ what: 'ok', at: Date.now(), submission, id, ms: Date.now() - at });
    client.accepted.push(id);
    const data = { id, priority: 'normal', region: 'north', weights: [1, 2] };
    await broker.publish(broker.due(), JSON.stringify({ pattern: 'task.due', version: 2, data }));
  }
}

async function newTypeId({ deployment: { rows } }: Stage): Promise<string> {
  return (await rows.all()).find(({ type }) => type === NEW_TYPE.type)!.id;
}
