import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { Mailer } from './mailer.js';

/** Gives the application its {@link Mailer}. Settings come from a global module. */
@Module({
  providers: [
    {
      provide: Mailer,
      inject: [Settings],
      useFactory: ({ smtpUrl, mailFrom, outboxDir, smtpTimeoutSeconds }: Settings) =>
        new Mailer({ smtpUrl, mailFrom, outboxDir, timeoutMs: smtpTimeoutSeconds * 1000 }),
    },
  ],
  exports: [Mailer],
})
export class MailModule {}
