import { PermanentFailure } from '@app/tasks';
import { createTransport } from 'nodemailer';
import type { Delivery } from './mail.js';
import { messageOf } from './message.js';

/** Connections that one process keeps to the mail server. */
const MAX_CONNECTIONS = 5;

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  /** One for each address that was refused, where several were. */
  rejectedErrors?: SmtpError[];
}

/** Delivers to the SMTP server at `url`, over connections that are kept for a while. */
export function smtpDelivery(url: string, timeoutMs: number): Delivery {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  return {
    async deliver(mail, header, signal) {
      try {
        const { accepted, rejected } = await transport.sendMail({ ...messageOf(mail, header), signal });
        return {
          messageId: header.messageId,
          accepted: accepted.map(String),
          rejected: rejected.map(String),
          deliveredTo: 'smtp',
        };
      } catch (error) {
        throw classified(error as SmtpError);
      }
    },
    close: () => transport.close(),
  };
}

/** A 5xx is for good, and so is what nodemailer itself refuses to send; all else may pass: 4xx, a lost connection, a timeout. */
function classified(error: SmtpError): Error {
  const causes = error.rejectedErrors?.length ? error.rejectedErrors : [error];
  const forGood = causes.every(({ code, responseCode }) =>
    responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500,
  );
  const text = `The mail server: ${error.message}`;
  return forGood ? new PermanentFailure(text, { cause: error }) : new Error(text, { cause: error });
}
