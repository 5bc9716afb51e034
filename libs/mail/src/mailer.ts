import type { OnApplicationShutdown } from '@nestjs/common';
import type { Delivery, Mail, Sent } from './mail.js';

export interface MailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; empty to write mails to the outbox. */
  smtpUrl: string;
  mailFrom: string;
  outboxDir: string;
  /** Longest time that one mail may take. */
  timeoutMs: number;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/;

/** Sends mails by SMTP, or writes them into a folder where no server is set. */
export class Mailer implements OnApplicationShutdown {
  private opened?: Promise<Delivery>;
  private readonly domain: string;

  constructor(private readonly options: MailerOptions) {
    this.domain = options.mailFrom.replace(/>$/, '').split('@').at(-1)!;
  }

  /**
   * Resolves when the server has taken the mail for at least one address, or the file is written. Sending a mail again sends it
   * again, under the same `Message-ID`.
   *
   * @param signal ends the try.
   * @throws PermanentFailure when the server refuses the mail for good (5xx); any other error when a later try may do.
   */
  async send(mail: Mail, signal?: AbortSignal): Promise<Sent> {
    if (!KEY.test(mail.messageId)) throw new Error(`"${mail.messageId}" cannot be the key of a mail.`);
    const deadline = AbortSignal.timeout(this.options.timeoutMs);
    const header = { from: this.options.mailFrom, messageId: `${mail.messageId}@${this.domain}` };
    try {
      const delivery = await (this.opened ??= this.open());
      return await delivery.deliver(mail, header, signal ? AbortSignal.any([signal, deadline]) : deadline);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (deadline.aborted)
        throw new Error(`The mail server took longer than ${this.options.timeoutMs / 1000} s.`, { cause: error });
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    (await this.opened)?.close();
  }

  /** What makes mails is loaded with the first one: many processes never send any. */
  private async open(): Promise<Delivery> {
    const { smtpUrl, timeoutMs, outboxDir } = this.options;
    if (smtpUrl) return (await import('./smtp.js')).smtpDelivery(smtpUrl, timeoutMs);
    return (await import('./outbox.js')).outboxDelivery(outboxDir);
  }
}
