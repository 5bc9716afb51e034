import type { Violation } from '@app/tasks';

/** A refusal that only the HTTP door knows: the domain never sees the request. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';

  constructor(
    readonly status: number,
    /** Stable name of the refusal, for programs. */
    readonly code: string,
    message: string,
    readonly extra: { violations?: readonly Violation[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
  }
}

/** The request cannot be read: its body, its headers or its path. */
export function malformed(detail: string, pointer?: string): HttpProblem {
  const violations = pointer === undefined ? undefined : [{ pointer, detail }];
  return new HttpProblem(400, 'malformed_request', detail, { violations });
}

/** The body is not the kind of thing this door reads. */
export function unsupportedMedia(detail: string, headers?: Readonly<Record<string, string>>): HttpProblem {
  return new HttpProblem(415, 'unsupported_media_type', detail, { headers });
}

/** An error of one part of the body, which does not know its place. */
export class ErrorAt extends Error {
  override name = 'ErrorAt';

  constructor(
    override readonly cause: unknown,
    /** JSON pointer to the part. */
    readonly pointer: string,
  ) {
    super(`Refused: the part of the body at ${pointer}.`, { cause });
  }
}
