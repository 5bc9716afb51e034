import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Mailer } from '@app/mail';
import { validate } from '@app/tasks';
import { PDFDocument } from 'pdf-lib';
import PostalMime from 'postal-mime';
import { taskContext } from '../../../test/support/task-context.js';
import { OnboardingWelcomeHandler, WelcomeSomebody } from './onboarding-welcome.handler.js';

const TASK = '01a20037-0244-74e5-9509-c9d112a00245';

let outboxDir: string;
let handler: OnboardingWelcomeHandler;
beforeEach(() => {
  outboxDir = mkdtempSync(join(tmpdir(), 'outbox-'));
  const mailer = new Mailer({ smtpUrl: '', mailFrom: 'tasks@example.org', outboxDir, timeoutMs: 5_000 });
  handler = new OnboardingWelcomeHandler(mailer);
});
afterEach(async () => {
  await handler.onApplicationShutdown();
  rmSync(outboxDir, { recursive: true });
});

const payload = { name: 'Zoë <Nguyễn>', email: 'zoe@example.com', company: 'Acme & Co', locale: 'de-AT' };

describe('onboarding.welcome', () => {
  it('keeps a letter with the task and mails it', async () => {
    const context = taskContext({ taskId: TASK });
    const result = await handler.run(payload, context);
    const [kept] = context.kept;
    const [file] = readdirSync(outboxDir);
    const mail = await PostalMime.parse(readFileSync(join(outboxDir, file!)));

    expect(result).toEqual({
      file: 'welcome.pdf',
      url: `/api/tasks/${TASK}/files/welcome.pdf`,
      size: kept!.bytes.length,
      message_id: `${TASK}@example.org`,
      delivered_to: 'outbox',
    });
    expect(kept).toMatchObject({ name: 'welcome.pdf', mediaType: 'application/pdf' });
    expect(mail).toMatchObject({ subject: 'Willkommen bei Acme & Co', to: [{ address: 'zoe@example.com' }] });
    expect(mail.text).toContain('Guten Tag Zoë <Nguyễn>,');
    expect(mail.html).toContain('Zoë &lt;Nguyễn&gt;');
    expect(mail.html).toContain('Acme &amp; Co');
    expect(mail.attachments).toMatchObject([{ filename: 'welcome.pdf', mimeType: 'application/pdf' }]);
    expect(Buffer.compare(Buffer.from(mail.attachments[0]!.content as ArrayBuffer), kept!.bytes)).toBe(0);
    expect((await PDFDocument.load(kept!.bytes)).getPageCount()).toBe(1);
    expect(context.said.progress.at(-1)).toEqual([2, 2]);
  });

  it('makes the same letter when it runs twice, whatever the time is', async () => {
    const [first, second] = [taskContext({ taskId: TASK }), taskContext({ taskId: TASK, attempt: 2 })];
    await handler.run(payload, first);
    await handler.run(payload, second);

    expect(Buffer.compare(first.kept[0]!.bytes, second.kept[0]!.bytes)).toBe(0);
  });

  it('makes many letters side by side, and stops when it is told to', async () => {
    const stop = new AbortController();
    const stopped = handler.run(payload, taskContext({ signal: stop.signal }));
    const others = Array.from({ length: 5 }, (_, n) => handler.run({ ...payload, name: `Guest ${n}` }, taskContext()));
    stop.abort(new Error('cancelled'));

    await expect(stopped).rejects.toThrow('cancelled');
    expect(await Promise.all(others)).toHaveLength(5);
  });
});

describe('the payload of onboarding.welcome', () => {
  const pointers = (differences: object) => {
    const checked = validate(WelcomeSomebody, { ...payload, ...differences }, '/payload');
    return 'violations' in checked ? checked.violations.map(({ pointer }) => pointer) : [];
  };

  it.each([
    {},
    { company: undefined, locale: undefined },
    { company: null, locale: null },
    { locale: 'en' },
    { name: '山田太郎' },
  ])('takes %j', (differences) => {
    expect(pointers(differences)).toEqual([]);
  });

  it.each([
    [{ name: '' }, '/payload/name'],
    [{ name: '   ' }, '/payload/name'],
    [{ name: 'two\nlines' }, '/payload/name'],
    [{ name: 'x'.repeat(101) }, '/payload/name'],
    [{ name: undefined }, '/payload/name'],
    [{ name: 'a\u202egnp.exe' }, '/payload/name'],
    [{ email: 'nobody' }, '/payload/email'],
    [{ email: 'a@example.com\r\nBcc: b@example.com' }, '/payload/email'],
    [{ email: ['a@example.com'] }, '/payload/email'],
    [{ company: 7 }, '/payload/company'],
    [{ locale: 'tlh' }, '/payload/locale'],
    [{ locale: 'DE' }, '/payload/locale'],
    [{ admin: true }, '/payload/admin'],
  ])('refuses %j', (differences, pointer) => {
    expect(pointers(differences)).toEqual([pointer]);
  });
});
