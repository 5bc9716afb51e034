import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Mailer } from '@app/mail';
import { openMysqlStore, openSqliteStore } from '@app/persistence';
import { fail, type Failure, type NoticeStore, type TaskIn, type TaskStore } from '@app/tasks';
import { newTask, newTasks } from '../../libs/persistence/test/builders.js';
import { TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { MailServer, Refusal, type MailServerOptions, type Received } from '../support/mail-server.js';
import { Scope } from '../support/scope.js';
import { describeWithMysql } from '../support/suites.js';
import { FailureMails, type FailureMailsOptions } from '@app/notices';

type Store = TaskStore & { notices: NoticeStore };

const SETTINGS = { databaseTimeoutMs: 10_000, databasePoolSize: 10 };
const boom: Failure = { kind: 'error', message: 'boom', attempt: 1 };

async function openSqlite(scope: Scope): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-notices-'));
  const store = await openSqliteStore({ databaseUrl: `sqlite:${join(folder, 'tasks.db')}`, ...SETTINGS });
  scope.onEnd(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

async function openMysql(scope: Scope): Promise<Store> {
  const database = await TestDatabase.create(scope);
  const store = openMysqlStore({ databaseUrl: database.url, ...SETTINGS });
  scope.onEnd(() => store.close());
  await eventually('the store answers', () => store.ping().then(() => true));
  return store;
}

/** The count that a mail tells, of its first line. */
function countOf({ text }: Received): number {
  const [, count] = /^([\d,]+|A) tasks? failed/.exec(text!)!;
  return count === 'A' ? 1 : Number(count!.replaceAll(',', ''));
}

function describeFailureMails(name: string, open: (scope: Scope) => Promise<Store>): void {
  describe(`FailureMails on ${name}`, () => {
    let scope: Scope;
    let store: Store;

    jest.setTimeout(60_000);
    beforeEach(async () => {
      Logger.overrideLogger(false);
      scope = new Scope();
      store = await open(scope);
    });
    afterEach(() => scope.end());

    /** Makes these tasks FAILED, as workers would. */
    async function failAll(ids: readonly string[], failure: (n: number) => Failure = () => boom): Promise<void> {
      for (let from = 0; from < ids.length; from += 200) {
        const batch = ids.slice(from, from + 200);
        const claimed = await store.claim(batch, { workerId: 'w', leaseMs: 30_000, types: ['test.echo', 'test.other'] });
        await store.settle(
          claimed.map((task, n) => fail(task as unknown as TaskIn<'PROCESSING'>, failure(from + n), { retryable: false })),
        );
      }
    }

    async function failed(given: Parameters<typeof newTask>[0] = {}, failure: Failure = boom): Promise<string> {
      const task = newTask(given);
      await store.insert([task], 60_000);
      await failAll([task.id], () => failure);
      return task.id;
    }

    async function mailsTo(serverOptions: MailServerOptions = {}, given: Partial<FailureMailsOptions> = {}) {
      const server = await MailServer.start(scope, serverOptions);
      const another = () => {
        const mailer = new Mailer({ smtpUrl: server.url, mailFrom: 'tasks@example.org', outboxDir: '', timeoutMs: 5_000 });
        scope.onEnd(() => mailer.onApplicationShutdown());
        return new FailureMails(store.notices, mailer, {
          operators: ['ops@example.com', 'dev@example.com'],
          intervalMs: 300,
          collectMs: 0,
          holdMs: 5_000,
          ...given,
        });
      };
      return { server, mails: another(), another };
    }

    /** Looks until so many mails have come. */
    const untilMails = ({ server, mails }: { server: MailServer; mails: FailureMails }, count: number) =>
      eventually(
        `${count} mails have come`,
        async () => {
          await mails.look();
          return server.mails.length >= count;
        },
        { within: 30_000 },
      );

    it('tells the operators of a failure, and whom the task names', async () => {
      const sending = await mailsTo();
      const id = await failed({ notifyEmail: 'ada@example.com' });
      await untilMails(sending, 2);

      const [forOps, forAda] = sending.server.mails.toSorted((a, b) => b.recipients.length - a.recipients.length);
      expect(forOps).toMatchObject({ recipients: ['ops@example.com', 'dev@example.com'], subject: 'A task failed: test.echo' });
      expect(forAda!.recipients).toEqual(['ada@example.com']);
      for (const mail of [forOps, forAda]) expect(mail!.text).toContain(`1 × test.echo, error: boom\n    ${id}\n`);
    });

    it('tells nothing of tasks that complete, are put back or are cancelled', async () => {
      const { server, mails } = await mailsTo();
      const task = newTask();
      await store.insert([task], 60_000);
      const [claimed] = await store.claim([task.id], { workerId: 'w', leaseMs: 30_000, types: ['test.echo'] });
      await store.settle([fail(claimed as unknown as TaskIn<'PROCESSING'>, boom, { retryable: true })]);
      await mails.look();
      await mails.look();

      expect(await store.notices.recipients(10)).toEqual([]);
      expect(server.mails).toEqual([]);
    });

    it('tells 10,000 failures in a handful of mails whose counts are right', async () => {
      const sending = await mailsTo({}, { intervalMs: 1_000 });
      const tasks = newTasks(10_000).map((task, n) => ({ ...task, type: n % 10 === 0 ? 'test.other' : 'test.echo' }));
      for (let from = 0; from < tasks.length; from += 500) await store.insert(tasks.slice(from, from + 500), 60_000);
      const ids = tasks.map(({ id }) => id);
      let over = false;
      const looking = (async () => {
        while (!over) await sending.mails.look();
      })();
      await failAll(ids, (n) => ({ kind: 'error', message: n % 1_000 === 0 ? `odd ${n}` : 'no answer', attempt: 1 }));
      await eventually('all is told', async () => sum(sending.server.mails) >= 10_000, { within: 40_000 });
      over = true;
      await looking;

      expect(sum(sending.server.mails)).toBe(10_000);
      expect(sending.server.mails.length).toBeLessThanOrEqual(6);
      expect(sending.server.mails.at(-1)!.text).toMatch(/× test\.echo, error: no answer\n {4}[0-9a-f-]{36}\n/);
    });

    it('waits ever longer while failures go on, and tells at once again after a quiet time', async () => {
      const sending = await mailsTo({}, { intervalMs: 100 });
      const times: number[] = [];
      for (let n = 1; n <= 3; n++) {
        await failed();
        await untilMails(sending, n);
        times.push(performance.now());
      }
      expect(times[2]! - times[1]!).toBeGreaterThan(350);

      await eventually('it is quiet', async () => {
        await sending.mails.look();
        return (await store.notices.recipients(10)).length === 0 && performance.now() - times[2]! > 1_600 + 100;
      });
      await failed();
      await sending.mails.look();
      await sending.mails.look();
      expect(sending.server.mails).toHaveLength(4);
    });

    it('sends one mail however many processes look', async () => {
      const { server, mails, another } = await mailsTo();
      await failed();
      await mails.look();
      await Promise.all([mails, another(), another(), another()].map((one) => one.look()));

      expect(server.mails).toHaveLength(1);
    });

    it('sends the same mail again when it does not know whether it went out', async () => {
      let answers = 0;
      const sending = await mailsTo({
        onMail: () => {
          if (++answers === 1) throw new Refusal(451, 'later');
        },
      });
      await failed();
      const postpone = store.notices.postpone.bind(store.notices);
      store.notices.postpone = (mail) => postpone(mail, 0);
      await untilMails(sending, 1);

      expect(answers).toBe(2);
      expect(countOf(sending.server.mails[0]!)).toBe(1);
    });

    it('tells what it told before, under the same Message-ID, when its holder went away after sending', async () => {
      const { server, mails, another } = await mailsTo({}, { holdMs: 300, intervalMs: 10 });
      await failed();
      const markSent = store.notices.markSent.bind(store.notices);
      store.notices.markSent = () => Promise.reject(new Error('gone'));
      await mails.look();
      await expect(mails.look()).rejects.toThrow('gone');
      store.notices.markSent = markSent;
      await failed();
      await untilMails({ server, mails: another() }, 3);

      const [first, again, next] = server.mails;
      expect(again!.messageId).toBe(first!.messageId);
      expect(again!.text).toBe(first!.text);
      expect(next!.messageId).not.toBe(first!.messageId);
      expect(server.mails.map(countOf)).toEqual([1, 1, 1]);
    });

    it('gives up a mail that is refused for good, and forgets what nobody is to be told', async () => {
      const refusing = await mailsTo({
        onRecipient: () => {
          throw new Refusal(550, 'no');
        },
      });
      await failed();
      await refusing.mails.look();
      await refusing.mails.look();
      const nobody = await mailsTo({}, { operators: [] });
      await failed();
      await nobody.mails.look();

      expect(await store.notices.drop('', 10)).toBe(0);
    });
  });
}

const sum = (mails: readonly Received[]) => mails.reduce((total, mail) => total + countOf(mail), 0);

describeFailureMails('sqlite', openSqlite);
describeWithMysql('with MySQL', () => describeFailureMails('mysql', openMysql));
