import type { FailureKind } from './task.js';

/** Stands for whoever FAILURE_MAIL_TO names, as the recipient of a notice. */
export const OPERATORS = '';

/** A mail that this process is about to send, or to send again. */
export interface OpenMail {
  /** The key of the mail; the same until it is closed, whoever sends it. */
  id: string;
  recipient: string;
  /** Names our hold on it: whoever comes after us has another one. */
  holder: string;
  /** False if an earlier holder may have sent it: it then tells what it told before, and nothing more. */
  fresh: boolean;
  /** True if it was sent, and only its notices are still to be forgotten. */
  sent: boolean;
  /** How many mails went to this recipient before, since it was last quiet. */
  earlier: number;
}

/** Failures that are alike. */
export interface FailureGroup {
  type: string;
  kind: FailureKind;
  /** The beginning of the message. */
  error: string;
  count: number;
  /** Two of the tasks, or twice the same one. */
  examples: [string, string];
}

/** What a mail tells. */
export interface Digest {
  count: number;
  firstAt: Date;
  lastAt: Date;
  /** The largest groups. */
  groups: FailureGroup[];
}

/**
 * Keeps what is to be told about tasks that failed for good. The store of tasks writes a notice in the transaction that makes a
 * task FAILED; here notices are gathered into mails. All methods but `open` do nothing for who no longer holds the mail.
 */
export abstract class NoticeStore {
  /** Recipients that have notices, or a mail that is due. */
  abstract recipients(limit: number): Promise<string[]>;

  /** Forgets notices that nobody is to be told, at most `limit`; answers how many. */
  abstract drop(recipient: string, limit: number): Promise<number>;

  /**
   * Takes hold of the recipient's mail for so many milliseconds, if it is due and nobody else has it; null otherwise. The first mail
   * after a quiet time is due `collectMs` after its notices were first seen.
   */
  abstract open(recipient: string, terms: { collectMs: number; holdMs: number }): Promise<OpenMail | null>;

  /** Puts notices of the recipient into the mail, at most `limit`; answers how many. */
  abstract collect(mail: OpenMail, limit: number): Promise<number>;

  /** What the mail tells; null if nothing. */
  abstract digest(mail: OpenMail, mostGroups: number): Promise<Digest | null>;

  /** The mail has gone out. */
  abstract markSent(mail: OpenMail): Promise<void>;

  /** Forgets notices of a mail that was sent, at most `limit`; answers how many. */
  abstract forget(mail: OpenMail, limit: number): Promise<number>;

  /** The mail is done with; the next one is due in so many milliseconds. */
  abstract close(mail: OpenMail, nextInMs: number): Promise<void>;

  /** Tries the same mail again in so many milliseconds. */
  abstract postpone(mail: OpenMail, inMs: number): Promise<void>;

  /** Nothing was to be told: the next notice is the first after a quiet time. */
  abstract rest(mail: OpenMail): Promise<void>;
}
