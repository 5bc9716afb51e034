import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentFailure } from '@app/tasks';
import PostalMime from 'postal-mime';
import { eventually } from '../../../test/support/eventually.js';
import { MailServer, Refusal } from '../../../test/support/mail-server.js';
import { freePort } from '../../../test/support/ports.js';
import { Scope } from '../../../test/support/scope.js';
import { Mailer, type Mail, type MailerOptions } from '../src/index.js';

const KEY = '01a20037-8dec-73ce-8f71-2b92309417c2';

function mail(given: Partial<Mail> = {}): Mail {
  return { messageId: KEY, to: ['ada@example.com'], subject: 'Hello', text: 'Dear Ada', ...given };
}

describe('Mailer', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope();
  });
  afterEach(() => scope.end());

  function mailerFor(smtpUrl: string, given: Partial<MailerOptions> = {}): Mailer {
    const mailer = new Mailer({ smtpUrl, mailFrom: 'Tasks <tasks@example.org>', outboxDir: '', timeoutMs: 5_000, ...given });
    scope.onEnd(() => mailer.onApplicationShutdown());
    return mailer;
  }

  describe('with a server', () => {
    it('hands over all of a mail', async () => {
      const server = await MailServer.start(scope);
      const pdf = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x00, 0xff]);

      const sent = await mailerFor(server.url).send(
        mail({
          to: ['ada@example.com', 'bob@example.com'],
          cc: ['eve@example.com'],
          bcc: ['secret@example.com'],
          replyTo: 'reply@example.com',
          subject: 'Grüße 👩‍🚀',
          html: '<p>Dear Ada</p>',
          attachments: [{ filename: 'welcome.pdf', contentType: 'application/pdf', content: pdf }],
        }),
      );

      const everybody = ['ada@example.com', 'bob@example.com', 'eve@example.com', 'secret@example.com'];
      expect(sent).toEqual({ messageId: `${KEY}@example.org`, accepted: everybody, rejected: [], deliveredTo: 'smtp' });
      const [received] = server.mails;
      expect(received).toMatchObject({
        recipients: everybody,
        messageId: `<${KEY}@example.org>`,
        from: { name: 'Tasks', address: 'tasks@example.org' },
        replyTo: [{ address: 'reply@example.com' }],
        subject: 'Grüße 👩‍🚀',
        text: 'Dear Ada\n',
        html: '<p>Dear Ada</p>\n',
        attachments: [{ filename: 'welcome.pdf', mimeType: 'application/pdf' }],
      });
      expect(new Uint8Array(received!.attachments[0]!.content as ArrayBuffer)).toEqual(pdf);
      expect(received!.bcc).toBeUndefined();
    });

    it('says which addresses were refused while others were taken', async () => {
      const server = await MailServer.start(scope, { onRecipient: refuse({ 'gone@example.com': 550 }) });

      expect(await mailerFor(server.url).send(mail({ to: ['ada@example.com', 'gone@example.com'] }))).toMatchObject({
        accepted: ['ada@example.com'],
        rejected: ['gone@example.com'],
      });
    });

    it.each([
      ['the only address for good', { recipient: 550 }, true],
      ['the only address for now', { recipient: 450 }, false],
      ['the mail for good', { mail: 554 }, true],
      ['the mail for now', { mail: 451 }, false],
    ])('tells whether a later try may do when the server refuses %s', async (_what, codes: Codes, permanent) => {
      const server = await MailServer.start(scope, {
        onRecipient: refuse({ 'ada@example.com': codes.recipient }),
        onMail: () => {
          if (codes.mail) throw new Refusal(codes.mail, 'no');
        },
      });
      const error: unknown = await mailerFor(server.url)
        .send(mail())
        .catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(Error);
      expect(error instanceof PermanentFailure).toBe(permanent);
    });

    it('may be tried again when one of the refused addresses was refused for now', async () => {
      const server = await MailServer.start(scope, { onRecipient: refuse({ 'a@example.com': 550, 'b@example.com': 451 }) });
      const sending = mailerFor(server.url).send(mail({ to: ['a@example.com', 'b@example.com'] }));

      await expect(sending).rejects.not.toBeInstanceOf(PermanentFailure);
    });

    it('may be tried again when nothing listens', async () => {
      const sending = mailerFor(`smtp://127.0.0.1:${await freePort()}`).send(mail());

      await expect(sending).rejects.toThrow('ECONNREFUSED');
      await expect(sending).rejects.not.toBeInstanceOf(PermanentFailure);
    });

    it('gives up in time on a server that drips its words', async () => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        const timer = setInterval(() => socket.write('220-still here\r\n'), 50);
        socket.on('close', () => clearInterval(timer));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      scope.onEnd(() => server.close());
      const { port } = server.address() as AddressInfo;
      const sending = mailerFor(`smtp://127.0.0.1:${port}`, { timeoutMs: 400 }).send(mail());

      await expect(sending).rejects.toThrow(/took longer than 0.4 s|Greeting never received/);
      await expect(sending).rejects.not.toBeInstanceOf(PermanentFailure);
    });

    it('gives up in time when the answer to a mail does not come, and when it is told to', async () => {
      const server = await MailServer.start(scope, { onMail: () => new Promise(() => {}) });
      await expect(mailerFor(server.url, { timeoutMs: 400 }).send(mail())).rejects.not.toBeInstanceOf(PermanentFailure);

      const controller = new AbortController();
      const sending = mailerFor(server.url).send(mail(), controller.signal);
      await eventually('it is connected', () => server.connections > 0);
      controller.abort(new Error('stopped'));
      await expect(sending).rejects.toThrow('stopped');
      await eventually('no connection is left', () => server.connections === 0);
    });

    it('keeps connections, and lets go of them at shutdown', async () => {
      const server = await MailServer.start(scope);
      const mailer = mailerFor(server.url);
      for (let n = 0; n < 5; n++) await mailer.send(mail({ messageId: `m${n}` }));
      expect(server.connections).toBe(1);

      await mailer.onApplicationShutdown();
      await eventually('no connection is left', () => server.connections === 0);
    });
  });

  describe('without a server', () => {
    it('writes one file for a mail, however often it is sent', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'taskwell-outbox-'));
      scope.onEnd(() => rm(folder, { recursive: true }));
      const mailer = mailerFor('', { outboxDir: join(folder, 'outbox') });
      await mailer.send(mail({ text: 'first' }));
      const sent = await mailer.send(mail({ text: 'second', bcc: ['secret@example.com'] }));

      const accepted = ['ada@example.com', 'secret@example.com'];
      expect(sent).toEqual({ messageId: `${KEY}@example.org`, accepted, rejected: [], deliveredTo: 'outbox' });
      expect(await readdir(join(folder, 'outbox'))).toEqual([`${KEY}.eml`]);
      const kept = await PostalMime.parse(await readFile(join(folder, 'outbox', `${KEY}.eml`)));
      expect(kept).toMatchObject({
        messageId: `<${KEY}@example.org>`,
        text: 'second\n',
        bcc: [{ address: 'secret@example.com' }],
      });
    });
  });
});

interface Codes {
  recipient?: number;
  mail?: number;
}

function refuse(codes: Record<string, number | undefined>): (address: string) => void {
  return (address) => {
    const code = codes[address];
    if (code) throw new Refusal(code, 'no');
  };
}
