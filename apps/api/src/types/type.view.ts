import {
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_RETRY,
  payloadSchema,
  resultSchema,
  type JsonSchema,
  type RegisteredType,
} from '@app/tasks';

/** A task type as clients see it. */
export interface TypeView {
  type: string;
  title: string;
  description: string | null;
  /** JSON Schema (draft 2020-12) of the payload. */
  payload_schema: JsonSchema;
  /** JSON Schema (draft 2020-12) of the result. */
  result_schema: JsonSchema;
  /** True if a submission must bring title and description. */
  needs_title: boolean;
  timeout_seconds: number;
  max_attempts: number;
  retry: { first_delay_seconds: number; max_delay_seconds: number };
}

export function typeView(type: RegisteredType): TypeView {
  const retry = { ...DEFAULT_RETRY, ...type.retry };
  return {
    type: type.type,
    title: type.title,
    description: type.description ?? null,
    payload_schema: payloadSchema(type),
    result_schema: resultSchema(type),
    needs_title: type.needsTitle ?? false,
    timeout_seconds: type.timeoutSeconds,
    max_attempts: type.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    retry: { first_delay_seconds: retry.firstDelaySeconds, max_delay_seconds: retry.maxDelaySeconds },
  };
}
