/** A file that goes with a mail. */
export interface Attachment {
  filename: string;
  contentType: string;
  content: Uint8Array;
}

/** One mail. Addresses are bare ones that have been validated. */
export interface Mail {
  /**
   * The key of the mail, such as the id of the task that sends it: letters, digits and `. _ -`. Whatever sends the same mail again
   * names the same one, so that a mail server or a reader can tell.
   */
  messageId: string;
  to: readonly string[];
  cc?: readonly string[];
  bcc?: readonly string[];
  replyTo?: string;
  subject: string;
  text: string;
  html?: string;
  attachments?: readonly Attachment[];
}

/** What became of a mail. */
export interface Sent {
  /** The `Message-ID` header, without its angle brackets. */
  messageId: string;
  /** The addresses that the server took. */
  accepted: string[];
  /** The addresses that it refused while it took others. */
  rejected: string[];
  deliveredTo: 'smtp' | 'outbox';
}

/** Where mails go. Rejects with PermanentFailure for a mail that will never be taken, with another error if a later try may do. */
export interface Delivery {
  deliver(mail: Mail, header: { from: string; messageId: string }, signal: AbortSignal): Promise<Sent>;
  close(): void;
}
