import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Delivery } from './mail.js';
import { messageOf } from './message.js';

/** Writes each mail into a folder, as `KEY.eml`: a mail that is sent again overwrites its file. */
export function outboxDelivery(folder: string): Delivery {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async deliver(mail, header, signal) {
      const { message } = await transport.sendMail(messageOf(mail, header));
      signal.throwIfAborted();
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${mail.messageId}.eml`);
      // By its own name only when it is whole; two writers of the same mail do not share a draft.
      const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      await writeFile(draft, message as Buffer, { signal });
      await rename(draft, path);
      const accepted = [...new Set([...mail.to, ...(mail.cc ?? []), ...(mail.bcc ?? [])])];
      return { messageId: header.messageId, accepted, rejected: [], deliveredTo: 'outbox' };
    },
    close: () => {},
  };
}
