export { FailureMails, type FailureMailsOptions } from './failure-mails.js';
export { NoticesModule } from './notices.module.js';
