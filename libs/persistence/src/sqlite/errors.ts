import { StoreUnavailable } from '@app/tasks';

/** The disk or another program is in the way; a later try may succeed. Extended codes begin with these. */
const PASSING = /^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN|PROTOCOL|NOMEM)/;

/** What the domain is told about an error of the driver. */
export function toDomainError(error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && PASSING.test(code))
    return new StoreUnavailable(`The database file: ${message}.`, { cause: error });
  return error as Error;
}
