import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import type { Scope } from './scope.js';

/** A mail as it arrived. */
export interface Received extends Email {
  /** The addresses it was delivered to. */
  recipients: string[];
}

/** What the server answers instead of taking a mail. */
export class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

export interface MailServerOptions {
  /** Called with every address before it is taken; a thrown Refusal refuses it. */
  onRecipient?: (address: string) => void;
  /** Called with every mail before it is taken; a thrown Refusal refuses it, a promise holds the answer. */
  onMail?: (mail: Received) => void | Promise<void>;
  port?: number;
}

/** A real SMTP server on loopback that keeps what it takes. */
export class MailServer {
  readonly mails: Received[] = [];

  private constructor(private readonly server: SMTPServer) {}

  static async start(scope: Scope, { onRecipient, onMail, port = 0 }: MailServerOptions = {}): Promise<MailServer> {
    const options: SMTPServerOptions = {
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onRcptTo(address, _session, done) {
        done(errorOf(() => onRecipient?.(address.address)));
      },
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const take = async () => {
            const mail = await PostalMime.parse(Buffer.concat(chunks));
            const received = { ...mail, recipients: session.envelope.rcptTo.map((recipient) => recipient.address) };
            await onMail?.(received);
            mails.mails.push(received);
          };
          take().then(
            () => done(),
            (error: Error) => done(error),
          );
        });
      },
    };
    const server = new SMTPServer(options);
    // A client that is killed leaves its connection without a word.
    server.on('error', () => undefined);
    const mails = new MailServer(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    scope.onEnd(() => mails.close());
    return mails;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.server.connections.size;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function errorOf(work: () => void): Error | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as Error;
  }
}
