import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsAddress, Mailer } from '@app/mail';
import { TaskHandler, type Handler, type TaskContext, inSpan } from '@app/tasks';
import type { Letter } from './welcome/letter.js';
import { LANGUAGES, type Language } from './welcome/letter-texts.js';
import { Letters } from './welcome/letters.js';
import { welcomeMail } from './welcome/welcome-mail.js';

const FILE = 'welcome.pdf';
const PDF = 'application/pdf';
/** One line without control characters, lone surrogates and marks that turn the direction of text around. */
const LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]{1,100}$/u;
const LOCALE = new RegExp(`^(?:${LANGUAGES.join('|')})(?:-[A-Z]{2})?$`);

export class WelcomeSomebody {
  @JSONSchema({ description: 'Whom to welcome.', examples: ['Zoë Nguyễn'] })
  @Matches(LINE, { message: 'must be 1 to 100 characters on one line' })
  name!: string;

  @IsAddress('Where the mail goes.')
  email!: string;

  @JSONSchema({ description: 'Who welcomes.', examples: ['Acme Studio'] })
  @IsOptional()
  @Matches(LINE, { message: 'must be 1 to 100 characters on one line' })
  company?: string;

  @JSONSchema({
    description: `The language of letter and mail, ${LANGUAGES.join(', ')}, with or without a region.`,
    examples: ['de-AT'],
  })
  @IsOptional()
  @Matches(LOCALE, { message: `must be one of ${LANGUAGES.join(', ')}, with or without a region such as de-AT` })
  locale?: string;
}

export class Welcomed {
  @JSONSchema({ description: 'The name of the letter among the files of the task.' })
  @IsString()
  file!: string;

  @JSONSchema({ description: 'Where the letter is.', format: 'uri-reference' })
  @IsString()
  url!: string;

  @JSONSchema({ description: 'Its size in bytes.' })
  @IsInt()
  size!: number;

  @JSONSchema({ description: 'The Message-ID of the mail.' })
  @IsString()
  message_id!: string;

  @JSONSchema({ description: 'smtp, or outbox where no mail server is set.' })
  @IsIn(['smtp', 'outbox'])
  delivered_to!: 'smtp' | 'outbox';
}

/** Welcomes somebody by a letter. A second run makes the same bytes, and its mail has the same Message-ID. */
@TaskHandler({
  type: 'onboarding.welcome',
  title: 'Welcome somebody',
  description: 'Makes a welcome letter as PDF, keeps it with the task, and mails it.',
  payload: WelcomeSomebody,
  result: Welcomed,
  timeoutSeconds: 180,
})
export class OnboardingWelcomeHandler implements Handler<WelcomeSomebody, Welcomed>, OnApplicationShutdown {
  private readonly letters = new Letters();

  constructor(@Inject(Mailer) private readonly mailer: Mailer) {}

  async run(payload: WelcomeSomebody, { taskId, signal, files, progress, trace }: TaskContext): Promise<Welcomed> {
    const letter = letterFor(payload, taskId);
    progress(0, 2, 'Making the letter');
    const content = await this.letters.make(letter, signal);
    const { size } = await files.write(FILE, content, PDF);
    progress(1, 2, 'Sending the mail');
    const attachments = [{ filename: FILE, contentType: PDF, content }];
    const sent = await inSpan(trace, { kind: 'client', name: 'send mail' }, () =>
      this.mailer.send({ messageId: taskId, ...welcomeMail(letter), attachments }, signal),
    );
    progress(2, 2);
    return {
      file: FILE,
      url: `/api/tasks/${taskId}/files/${FILE}`,
      size,
      message_id: sent.messageId,
      delivered_to: sent.deliveredTo,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.letters.close();
  }
}

function letterFor({ name, email, company, locale }: WelcomeSomebody, taskId: string): Letter {
  return {
    name: name.trim(),
    email,
    company: company?.trim(),
    language: (locale?.slice(0, 2) ?? 'en') as Language,
    dateMs: submittedAt(taskId),
  };
}

/** The time that a UUIDv7 begins with: unlike the clock, the same in every attempt. */
function submittedAt(taskId: string): number {
  return Number.parseInt(taskId.replaceAll('-', '').slice(0, 12), 16);
}
