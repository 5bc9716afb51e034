/**
 * Why there is no answer: `refused` and `redirect` are about what the caller or the server wrote, `unreachable` about everything on the
 * way to a connection, `broken` and `malformed` about an answer that began.
 */
export type EgressFailureKind =
  'refused' | 'redirect' | 'unreachable' | 'timeout' | 'certificate' | 'too_large' | 'malformed' | 'broken';

const TRANSIENT: ReadonlySet<EgressFailureKind> = new Set(['unreachable', 'timeout', 'broken']);

/**
 * A request that got no answer. Its message may be shown to anybody: a name that leads to a refused address, a name that leads nowhere
 * and a closed port all read the same, so that nobody can map a private network with it.
 */
export class EgressFailure extends Error {
  override name = 'EgressFailure';

  constructor(
    readonly kind: EgressFailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** True if another try may do better. */
  get transient(): boolean {
    return TRANSIENT.has(this.kind);
  }
}

/** The one answer to every question about what is reachable. */
export function unreachable(cause?: unknown): EgressFailure {
  return new EgressFailure('unreachable', 'The host cannot be reached.', { cause });
}

/** What an error of a socket or of the HTTP parser means. @param answered whether an answer had begun. */
export function failureOf(error: unknown, answered: boolean): EgressFailure {
  if (error instanceof EgressFailure) return error;
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? '');
  if (code.startsWith('HPE_') || code.startsWith('Z_') || code.startsWith('ERR__ERROR_')) {
    return new EgressFailure('malformed', 'The answer is not valid HTTP.', { cause: error });
  }
  if (code.includes('CERT') || code.startsWith('ERR_TLS_') || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
    return new EgressFailure('certificate', "The host's certificate is not valid for it.", { cause: error });
  }
  if (answered) return new EgressFailure('broken', 'The connection broke before the answer was complete.', { cause: error });
  return unreachable(error);
}
