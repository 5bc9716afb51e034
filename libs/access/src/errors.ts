import { TaskError } from '@app/tasks';

/** Name or password is wrong, or the user is disabled: which of these is not told. */
export class WrongLogin extends TaskError {
  readonly code = 'wrong_login';
  constructor() {
    super('Name or password is wrong.');
  }
}

/** Too many attempts, or too many requests. */
export class TooMany extends TaskError {
  readonly code = 'too_many_requests';
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** The setup link is unknown, too old or was used. */
export class SetupRefused extends TaskError {
  readonly code = 'setup_refused';
  constructor() {
    super('This setup link is not known, too old, or was used. Start Taskwell again for a new one.');
  }
}

/** The state of users or keys does not allow the change. */
export class AccessConflict extends TaskError {
  readonly code: 'name_taken' | 'last_admin';
  constructor(code: AccessConflict['code']) {
    super(code === 'name_taken' ? 'There is a user with this name.' : 'The last admin must stay: make another one first.');
    this.code = code;
  }
}

/** There is no user or key with this id. */
export class AccessNotFound extends TaskError {
  readonly code: 'user_not_found' | 'key_not_found';
  constructor(code: AccessNotFound['code']) {
    super(code === 'user_not_found' ? 'There is no user with this id.' : 'There is no key with this id.');
    this.code = code;
  }
}
