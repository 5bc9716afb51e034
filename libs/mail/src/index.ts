export { IsAddress, IsAddresses, IsSubject, addressesIn, listOf } from './fields.js';
export { MailModule } from './mail.module.js';
export type { Attachment, Mail, Sent } from './mail.js';
export { Mailer, type MailerOptions } from './mailer.js';
