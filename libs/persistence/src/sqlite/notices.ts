import type { Failure, OpenMail } from '@app/tasks';
import { errorOf, type HeldRow } from '../notice-row.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Only for who holds the mail. */
const OURS = 'recipient = ? AND mail_id = ? AND holder = ?';
const ours = ({ recipient, id, holder }: OpenMail): string[] => [recipient, id, holder];

const NOTICE = `INSERT INTO failure_notices (recipient, task_id, type, kind, error, failed_at)
  SELECT '', id, type, ?1, ?2, ?3 FROM tasks WHERE id = ?4
  UNION ALL SELECT notify_email, id, type, ?1, ?2, ?3 FROM tasks WHERE id = ?4 AND notify_email IS NOT NULL`;

const OPEN = `UPDATE failure_mails SET mail_id = COALESCE(mail_id, ?), holder = ?, held_until = ?
  WHERE recipient = ? AND next_at <= ? AND (held_until IS NULL OR held_until <= ?)`;

/** Notes that a task failed for good, for the operators and for whom the task itself names. */
export function notice(db: SqliteDatabase, now: number, taskId: string, failure: Failure): void {
  db.affect(NOTICE, [failure.kind, errorOf(failure), now, taskId]);
}

/** The operations of notices and mails. See NoticeStore for what they mean. */
export const NOTICE_READS = {
  recipients: (db: SqliteDatabase, now: number, limit: number): string[] =>
    db
      .rows<{ recipient: string }>(
        `SELECT DISTINCT recipient FROM failure_notices INDEXED BY failure_notices_mail_id WHERE mail_id IS NULL
         UNION SELECT recipient FROM failure_mails WHERE next_at <= ? LIMIT ?`,
        [now, limit],
      )
      .map(({ recipient }) => recipient),
};

export const NOTICE_WRITES = {
  dropNotices: (db: SqliteDatabase, _now: number, recipient: string, limit: number): number =>
    db.affect(
      `DELETE FROM failure_notices WHERE recipient = ?1 AND task_id IN
       (SELECT task_id FROM failure_notices WHERE recipient = ?1 AND mail_id IS NULL LIMIT ?2)`,
      [recipient, limit],
    ),

  openMail: (
    db: SqliteDatabase,
    now: number,
    recipient: string,
    { id, holder }: { id: string; holder: string },
    { collectMs, holdMs }: { collectMs: number; holdMs: number },
  ): OpenMail | null => {
    if (db.affect(OPEN, [id, holder, now + holdMs, recipient, now, now]) === 0) {
      db.affect('INSERT INTO failure_mails (recipient, next_at) VALUES (?, ?) ON CONFLICT DO NOTHING', [
        recipient,
        now + collectMs,
      ]);
      return null;
    }
    const [row] = db.rows<HeldRow>('SELECT mail_id AS mailId, sent, earlier FROM failure_mails WHERE recipient = ?', [recipient]);
    const { mailId, sent, earlier } = row!;
    return { id: mailId, recipient, holder, fresh: mailId === id, sent: sent === 1, earlier };
  },

  collectNotices: (db: SqliteDatabase, _now: number, mail: OpenMail, limit: number): number => {
    if (db.rows(`SELECT recipient FROM failure_mails WHERE ${OURS} AND sent = 0`, ours(mail)).length === 0) return 0;
    return db.affect(
      `UPDATE failure_notices SET mail_id = ?1 WHERE recipient = ?2 AND task_id IN
       (SELECT task_id FROM failure_notices INDEXED BY failure_notices_mail_id WHERE mail_id IS NULL AND recipient = ?2 LIMIT ?3)`,
      [mail.id, mail.recipient, limit],
    );
  },

  markMailSent: (db: SqliteDatabase, _now: number, mail: OpenMail): void => {
    db.affect(`UPDATE failure_mails SET sent = 1 WHERE ${OURS}`, ours(mail));
  },

  forgetNotices: (db: SqliteDatabase, _now: number, { id, recipient }: OpenMail, limit: number): number =>
    db.affect(
      `DELETE FROM failure_notices WHERE recipient = ?1 AND task_id IN
       (SELECT task_id FROM failure_notices WHERE mail_id = ?2 LIMIT ?3)`,
      [recipient, id, limit],
    ),

  closeMail: (db: SqliteDatabase, now: number, mail: OpenMail, nextInMs: number): void => {
    db.affect(
      `UPDATE failure_mails SET earlier = earlier + sent, mail_id = NULL, sent = 0, holder = NULL, held_until = NULL, next_at = ?
       WHERE ${OURS}`,
      [now + nextInMs, ...ours(mail)],
    );
  },

  postponeMail: (db: SqliteDatabase, now: number, mail: OpenMail, inMs: number): void => {
    db.affect(`UPDATE failure_mails SET holder = NULL, held_until = NULL, next_at = ? WHERE ${OURS}`, [
      now + inMs,
      ...ours(mail),
    ]);
  },

  restMails: (db: SqliteDatabase, _now: number, mail: OpenMail): void => {
    db.affect(`DELETE FROM failure_mails WHERE ${OURS}`, ours(mail));
  },
};
