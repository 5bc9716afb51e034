import { randomUUID } from 'node:crypto';
import { NoticeStore, type Digest, type OpenMail } from '@app/tasks';
import { DIGEST, GROUPS, toDigest, type DigestRow, type GroupRow, type HeldRow } from '../notice-row.js';
import type { MysqlDatabase } from './mysql-database.js';

/** Only for who holds the mail. */
const OURS = 'recipient = ? AND mail_id = ? AND holder = ?';
const ours = ({ recipient, id, holder }: OpenMail): string[] => [recipient, id, holder];

/** Notices in MySQL or MariaDB. See {@link NoticeStore} for what the methods mean. */
export class MysqlNoticeStore extends NoticeStore {
  constructor(private readonly db: MysqlDatabase) {
    super();
  }

  async recipients(limit: number): Promise<string[]> {
    const rows = await this.db.rows<{ recipient: string }>(
      `SELECT DISTINCT recipient FROM failure_notices FORCE INDEX (failure_notices_mail_id) WHERE mail_id IS NULL
       UNION SELECT recipient FROM failure_mails WHERE next_at <= UTC_TIMESTAMP(3) LIMIT ?`,
      [limit],
    );
    return rows.map(({ recipient }) => recipient);
  }

  async drop(recipient: string, limit: number): Promise<number> {
    return this.db.affect('DELETE FROM failure_notices WHERE recipient = ? AND mail_id IS NULL LIMIT ?', [recipient, limit]);
  }

  async open(recipient: string, terms: { collectMs: number; holdMs: number }): Promise<OpenMail | null> {
    const [id, holder] = [randomUUID(), randomUUID()];
    return this.db.unit(async (statements) => {
      const opened = await statements.affect(
        `UPDATE failure_mails SET mail_id = COALESCE(mail_id, ?), holder = ?,
           held_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
         WHERE recipient = ? AND next_at <= UTC_TIMESTAMP(3) AND (held_until IS NULL OR held_until <= UTC_TIMESTAMP(3))`,
        [id, holder, terms.holdMs * 1000, recipient],
      );
      const [row] = await statements.rows<HeldRow & { holder: string | null }>(
        'SELECT mail_id AS mailId, sent, earlier, holder FROM failure_mails WHERE recipient = ?',
        [recipient],
      );
      if (!row) {
        await statements.affect(
          `INSERT IGNORE INTO failure_mails (recipient, next_at) VALUES (?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)`,
          [recipient, terms.collectMs * 1000],
        );
      }
      if (opened === 0 || row?.holder !== holder) return null;
      return { id: row.mailId, recipient, holder, fresh: row.mailId === id, sent: row.sent === 1, earlier: row.earlier };
    });
  }

  async collect(mail: OpenMail, limit: number): Promise<number> {
    return this.db.transaction(async (statements) => {
      const held = await statements.rows(`SELECT recipient FROM failure_mails WHERE ${OURS} AND sent = 0 FOR UPDATE`, ours(mail));
      if (held.length === 0) return 0;
      return statements.affect(
        `UPDATE failure_notices FORCE INDEX (failure_notices_mail_id) SET mail_id = ?
         WHERE mail_id IS NULL AND recipient = ? LIMIT ?`,
        [mail.id, mail.recipient, limit],
      );
    });
  }

  async digest({ id }: OpenMail, mostGroups: number): Promise<Digest | null> {
    const [row] = await this.db.rows<DigestRow>(DIGEST, [id]);
    if (Number(row!.count) === 0) return null;
    return toDigest(row!, await this.db.rows<GroupRow>(GROUPS, [id, mostGroups]));
  }

  async markSent(mail: OpenMail): Promise<void> {
    await this.db.affect(`UPDATE failure_mails SET sent = 1 WHERE ${OURS}`, ours(mail));
  }

  async forget({ id }: OpenMail, limit: number): Promise<number> {
    return this.db.affect('DELETE FROM failure_notices WHERE mail_id = ? LIMIT ?', [id, limit]);
  }

  async close(mail: OpenMail, nextInMs: number): Promise<void> {
    await this.db.affect(
      `UPDATE failure_mails SET earlier = earlier + sent, mail_id = NULL, sent = 0, holder = NULL, held_until = NULL,
         next_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND WHERE ${OURS}`,
      [nextInMs * 1000, ...ours(mail)],
    );
  }

  async postpone(mail: OpenMail, inMs: number): Promise<void> {
    await this.db.affect(
      `UPDATE failure_mails SET holder = NULL, held_until = NULL, next_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
       WHERE ${OURS}`,
      [inMs * 1000, ...ours(mail)],
    );
  }

  async rest(mail: OpenMail): Promise<void> {
    await this.db.affect(`DELETE FROM failure_mails WHERE ${OURS}`, ours(mail));
  }
}
