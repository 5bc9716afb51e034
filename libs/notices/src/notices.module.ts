import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { MailModule, Mailer, addressesIn } from '@app/mail';
import { NoticeStore } from '@app/tasks';
import { FailureMails } from './failure-mails.js';

/** What a process that runs tasks needs to tell of failures. Store and settings come from global modules. */
@Module({
  imports: [MailModule],
  providers: [
    {
      provide: FailureMails,
      inject: [NoticeStore, Mailer, Settings],
      useFactory: (
        store: NoticeStore,
        mailer: Mailer,
        { failureMailTo, failureMailIntervalSeconds, smtpTimeoutSeconds }: Settings,
      ) =>
        new FailureMails(store, mailer, {
          operators: addressesIn(failureMailTo),
          intervalMs: failureMailIntervalSeconds * 1_000,
          // Beside the sending there are some statements to the database.
          holdMs: smtpTimeoutSeconds * 1_000 + 10_000,
        }),
    },
  ],
  exports: [FailureMails],
})
export class NoticesModule {}
