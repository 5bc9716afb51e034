import { randomUUID } from 'node:crypto';
import { NoticeStore, type Digest, type OpenMail } from '@app/tasks';
import { DIGEST, GROUPS, toDigest, type DigestRow, type GroupRow } from '../notice-row.js';
import type { SqliteFile } from './sqlite-file.js';

/** Notices in the SQLite file of this process. See {@link NoticeStore} for what the methods mean. */
export class SqliteNoticeStore extends NoticeStore {
  constructor(private readonly file: SqliteFile) {
    super();
  }

  recipients(limit: number): Promise<string[]> {
    return this.file.call('recipients', limit);
  }

  drop(recipient: string, limit: number): Promise<number> {
    return this.file.call('dropNotices', recipient, limit);
  }

  open(recipient: string, terms: { collectMs: number; holdMs: number }): Promise<OpenMail | null> {
    return this.file.call('openMail', recipient, { id: randomUUID(), holder: randomUUID() }, terms);
  }

  collect(mail: OpenMail, limit: number): Promise<number> {
    return this.file.call('collectNotices', mail, limit);
  }

  async digest({ id }: OpenMail, mostGroups: number): Promise<Digest | null> {
    const [row] = await this.file.rows<DigestRow>(DIGEST, [id]);
    if (row!.count === 0) return null;
    return toDigest(row!, await this.file.rows<GroupRow>(GROUPS, [id, mostGroups]));
  }

  markSent(mail: OpenMail): Promise<void> {
    return this.file.call('markMailSent', mail);
  }

  forget(mail: OpenMail, limit: number): Promise<number> {
    return this.file.call('forgetNotices', mail, limit);
  }

  close(mail: OpenMail, nextInMs: number): Promise<void> {
    return this.file.call('closeMail', mail, nextInMs);
  }

  postpone(mail: OpenMail, inMs: number): Promise<void> {
    return this.file.call('postponeMail', mail, inMs);
  }

  rest(mail: OpenMail): Promise<void> {
    return this.file.call('restMails', mail);
  }
}
