import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './mail.js';

/** A mail in nodemailer's words. Addresses go as objects, so that nothing in them is read as syntax. */
export function messageOf(mail: Mail, { from, messageId }: { from: string; messageId: string }): SendMailOptions {
  const asObjects = (addresses: readonly string[] = []) => addresses.map((address) => ({ name: '', address }));
  return {
    from,
    messageId: `<${messageId}>`,
    to: asObjects(mail.to),
    cc: asObjects(mail.cc),
    bcc: asObjects(mail.bcc),
    replyTo: asObjects(mail.replyTo === undefined ? [] : [mail.replyTo]),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments?.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    })),
    // A mail is made of what it was given and of nothing on this machine.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
