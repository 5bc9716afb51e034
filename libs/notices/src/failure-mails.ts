import { Logger } from '@nestjs/common';
import type { Mailer } from '@app/mail';
import { OPERATORS, PermanentFailure, failPoint, type Digest, type NoticeStore, type OpenMail, Rounds } from '@app/tasks';
import { subjectOf, textOf } from './letter.js';

export interface FailureMailsOptions {
  /** Who is told about every failure; empty for nobody. */
  operators: readonly string[];
  /** The pause after the first mail; every further one is four times as long, up to an hour. */
  intervalMs: number;
  /** The first failure after a quiet time waits so long for company; 5 s unless given. */
  collectMs?: number;
  /** So long a mail is ours to send: longer than sending takes at most. When its holder is gone, others send it after that. */
  holdMs: number;
}

const LOOK_MS = 2_000;
const COLLECT_MS = 5_000;
const RETRY_MS = 30_000;
const LONGEST_INTERVAL_MS = 3_600_000;
const RECIPIENTS = 100;
const BATCH = 5_000;
/** Notices of one mail; what is more comes with the next one. */
const MOST_NOTICES = 200_000;
const MOST_GROUPS = 20;

/**
 * Tells by mail which tasks failed for good: the first failure soon, and a storm of them in a handful of mails with counts. Every
 * process that runs tasks has one; the store lets one of them hold a mail at a time. A mail is never lost, and if it goes out twice it
 * has the same Message-ID and tells the same.
 */
export class FailureMails {
  private readonly logger = new Logger(FailureMails.name);
  private readonly rounds = new Rounds(() => this.look(), { everyMs: LOOK_MS, logger: this.logger, what: 'Failure mails' });

  constructor(
    private readonly store: NoticeStore,
    private readonly mailer: Mailer,
    private readonly options: FailureMailsOptions,
  ) {}

  start(): void {
    this.rounds.start();
  }

  /** Resolves when the look under way is over. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Sends the mails that are due. */
  async look(): Promise<void> {
    for (const recipient of await this.store.recipients(RECIPIENTS)) {
      if (this.rounds.ending) return;
      if (recipient === OPERATORS && this.options.operators.length === 0) await this.drop(recipient);
      else await this.tell(recipient);
    }
  }

  private async tell(recipient: string): Promise<void> {
    const mail = await this.store.open(recipient, {
      collectMs: this.options.collectMs ?? COLLECT_MS,
      holdMs: this.options.holdMs,
    });
    if (!mail) return;
    if (mail.fresh) await this.collect(mail);
    const digest = mail.sent ? null : await this.store.digest(mail, MOST_GROUPS);
    if (!digest && !mail.sent) return mail.fresh ? this.store.rest(mail) : this.store.close(mail, 0);

    const pauseMs = Math.min(this.options.intervalMs * 4 ** mail.earlier, LONGEST_INTERVAL_MS);
    if (digest && !(await this.send(mail, digest, pauseMs))) return this.store.postpone(mail, RETRY_MS);
    while ((await this.store.forget(mail, BATCH)) === BATCH);
    await this.store.close(mail, pauseMs);
  }

  private async collect(mail: OpenMail): Promise<void> {
    for (let collected = 0; collected < MOST_NOTICES; collected += BATCH) {
      if ((await this.store.collect(mail, BATCH)) < BATCH) return;
    }
  }

  /** False if it has to be tried again. */
  private async send(mail: OpenMail, digest: Digest, pauseMs: number): Promise<boolean> {
    try {
      await this.mailer.send({
        messageId: `failures-${mail.id}`,
        to: mail.recipient === OPERATORS ? this.options.operators : [mail.recipient],
        subject: subjectOf(digest),
        text: textOf(digest, pauseMs),
      });
    } catch (error) {
      if (!(error instanceof PermanentFailure)) {
        this.logger.warn(`A mail about ${digest.count} failed tasks could not be sent, trying on: ${(error as Error).message}`);
        return false;
      }
      this.logger.error(`A mail about ${digest.count} failed tasks is refused for good: ${error.message}`);
    }
    failPoint('after_effect');
    await this.store.markSent(mail);
    return true;
  }

  private async drop(recipient: string): Promise<void> {
    while ((await this.store.drop(recipient, BATCH)) === BATCH);
  }
}
