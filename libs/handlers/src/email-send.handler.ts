import { Inject } from '@nestjs/common';
import { IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsAddress, IsAddresses, IsSubject, Mailer, listOf } from '@app/mail';
import { TaskHandler, type Handler, type TaskContext, inSpan } from '@app/tasks';

export class SendEmail {
  @IsAddresses('One address or several.')
  to!: string | string[];

  @IsSubject()
  subject!: string;

  @JSONSchema({ description: 'The mail as plain text.' })
  @IsString()
  @MaxLength(200_000)
  text!: string;

  @JSONSchema({ description: 'The same as HTML.' })
  @IsOptional()
  @IsString()
  @MaxLength(500_000)
  html?: string;

  @IsOptional()
  @IsAddress()
  reply_to?: string;

  @IsOptional()
  @IsAddresses()
  cc?: string | string[];

  @IsOptional()
  @IsAddresses()
  bcc?: string | string[];
}

export class SentEmail {
  @JSONSchema({ description: 'The Message-ID of the mail.' })
  @IsString()
  message_id!: string;

  @JSONSchema({ items: { type: 'string' }, description: 'The addresses that the server took.' })
  @IsArray()
  accepted!: string[];

  @JSONSchema({ items: { type: 'string' }, description: 'The addresses that it refused.' })
  @IsArray()
  rejected!: string[];

  @JSONSchema({ description: 'smtp, or outbox where no mail server is set.' })
  @IsIn(['smtp', 'outbox'])
  delivered_to!: 'smtp' | 'outbox';
}

/** Sends a mail. Its Message-ID is made of the task's id, so that a mail that was sent twice can be recognised. */
@TaskHandler({
  type: 'email.send',
  title: 'Send an e-mail',
  description:
    'Sends a mail over the server at SMTP_URL. Without one, the mail becomes a file in the outbox, and the result says so. ' +
    'Addresses that the server refuses while it takes others are in rejected.',
  payload: SendEmail,
  result: SentEmail,
  timeoutSeconds: 120,
})
export class SendEmailHandler implements Handler<SendEmail, SentEmail> {
  constructor(@Inject(Mailer) private readonly mailer: Mailer) {}

  async run({ to, cc, bcc, subject, text, html, reply_to }: SendEmail, context: TaskContext): Promise<SentEmail> {
    const send = () =>
      this.mailer.send(
        {
          messageId: context.taskId,
          to: listOf(to),
          cc: listOf(cc),
          bcc: listOf(bcc),
          subject,
          text,
          html: html ?? undefined,
          replyTo: reply_to ?? undefined,
        },
        context.signal,
      );
    const sent = await inSpan(context.trace, { kind: 'client', name: 'send mail' }, send);
    return {
      message_id: sent.messageId,
      accepted: sent.accepted,
      rejected: sent.rejected,
      delivered_to: sent.deliveredTo,
    };
  }
}
