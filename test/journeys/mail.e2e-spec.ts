import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { MailServer } from '../support/mail-server.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Scope } from '../support/scope.js';

const EMAIL = { type: 'email.send', payload: { to: 'ada@example.com', subject: 'Hello', text: 'Dear Ada' } };

describe('Mail', () => {
  let scope: Scope;
  let folder: string;

  beforeEach(async () => {
    scope = new Scope();
    folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  });

  afterEach(() => scope.end(), 60_000);

  /** One process on this test's file. */
  const onFile = (env: Env): Env => ({
    DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
    MAIL_FROM: 'tasks@example.org',
    LEASE_SECONDS: 5,
    SWEEP_SECONDS: 1,
    ...env,
  });

  it('is sent again with the same Message-ID when the worker was killed after it sent it', async () => {
    const server = await MailServer.start(scope);
    const env = onFile({ SMTP_URL: server.url });
    const dying = await TaskwellProcess.spawn('api', scope, { ...env, FAIL_POINTS: 'before_settle#1' });
    await dying.ready();
    const id = await new Api(dying.url).submitted(EMAIL);
    expect(await dying.ended).toMatchObject({ signal: 'SIGKILL' });
    const task = await new Api((await TaskwellProcess.start('api', scope, env)).url).untilFinal(id);

    expect(server.mails.map(({ messageId }) => messageId)).toEqual([`<${id}@example.org>`, `<${id}@example.org>`]);
    expect(task).toMatchObject({
      status: 'COMPLETED',
      result: { message_id: `${id}@example.org`, accepted: ['ada@example.com'], rejected: [], delivered_to: 'smtp' },
    });
  }, 90_000);

  it('becomes a file when there is no server, and the result says so', async () => {
    const api = new Api((await TaskwellProcess.start('api', scope, onFile({ OUTBOX_DIR: join(folder, 'outbox') }))).url);
    const task = await api.untilFinal(await api.submitted(EMAIL));

    expect(task.result).toMatchObject({ delivered_to: 'outbox' });
  }, 90_000);
});
