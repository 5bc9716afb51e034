import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
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

  it('brings a welcome letter that opens, and the same one when the worker was killed after it sent it', async () => {
    const server = await MailServer.start(scope);
    const env = onFile({ SMTP_URL: server.url, FILES_URL: `file:${join(folder, 'files')}` });
    const dying = await TaskwellProcess.spawn('api', scope, { ...env, FAIL_POINTS: 'before_settle#1' });
    await dying.ready();
    const payload = { name: 'Zoë Nguyễn', email: 'zoe@example.com', company: 'Acme', locale: 'fr' };
    const id = await new Api(dying.url).submitted({ type: 'onboarding.welcome', payload });
    expect(await dying.ended).toMatchObject({ signal: 'SIGKILL' });
    const api = new Api((await TaskwellProcess.start('api', scope, env)).url);
    const task = await api.untilFinal(id);
    const letters = server.mails.map(({ attachments }) => Buffer.from(attachments[0]!.content as ArrayBuffer));

    expect(task).toMatchObject({ status: 'COMPLETED', attempt: 2, result: { delivered_to: 'smtp', size: letters[0]!.length } });
    expect(server.mails).toMatchObject([
      { messageId: `<${id}@example.org>`, subject: 'Bienvenue chez Acme', recipients: ['zoe@example.com'] },
      { messageId: `<${id}@example.org>` },
    ]);
    expect((await PDFDocument.load(letters[0]!)).getPageCount()).toBe(1);
    expect(Buffer.compare(letters[0]!, letters[1]!)).toBe(0);
    expect((await api.get<{ items: unknown[] }>(`/api/tasks/${id}/files`)).body.items).toHaveLength(1);
  }, 90_000);

  it('becomes a file when there is no server, and the result says so', async () => {
    const api = new Api((await TaskwellProcess.start('api', scope, onFile({ OUTBOX_DIR: join(folder, 'outbox') }))).url);
    const task = await api.untilFinal(await api.submitted(EMAIL));

    expect(task.result).toMatchObject({ delivered_to: 'outbox' });
  }, 90_000);

  it('tells every failure when the process is killed between sending a failure mail and noting it', async () => {
    const server = await MailServer.start(scope);
    const env = onFile({
      SMTP_URL: server.url,
      SMTP_TIMEOUT_SECONDS: 1,
      FAILURE_MAIL_TO: 'ops@example.com',
      FAILURE_MAIL_INTERVAL_SECONDS: 1,
      TEST_HANDLERS: join(import.meta.dirname, '../faults/handlers'),
    });
    const dying = await TaskwellProcess.start('api', scope, { ...env, FAIL_POINTS: 'after_effect#1' });
    const api = new Api(dying.url);
    const failing = { type: 'test.throw', max_attempts: 1, notify_email: 'ada@example.com' };
    for (let n = 0; n < 3; n++) await api.post('/api/tasks/batch', { tasks: Array(100).fill(failing) });
    expect(await dying.ended).toMatchObject({ signal: 'SIGKILL' });
    await TaskwellProcess.start('api', scope, env);

    const toldTo = (address: string) => {
      const mails = server.mails.filter(({ recipients }) => recipients.includes(address));
      const byId = new Map(mails.map((mail) => [mail.messageId, Number(/^\d+/.exec(mail.text!))]));
      return { mails: mails.length, told: [...byId.values()].reduce((sum, count) => sum + count, 0), different: byId.size };
    };
    const [ops, ada] = await eventually(
      'all are told, and the mail whose sending nobody noted has come again',
      () => {
        const told = ['ops@example.com', 'ada@example.com'].map(toldTo);
        return told.every(({ told }) => told === 300) && told.some(({ mails, different }) => mails > different) && told;
      },
      { within: 60_000, every: 200 },
    );
    expect(ops!.mails + ada!.mails).toBe(ops!.different + ada!.different + 1);
    expect(ops!.different).toBeLessThanOrEqual(4);
  }, 120_000);
});
