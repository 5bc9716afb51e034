import { PermanentFailure } from './handler.js';
import type { JsonText } from './task.js';

/**
 * What a handler returned, as it is kept.
 *
 * @throws PermanentFailure if it is no JSON or too large: no further attempt would mend that.
 */
export function resultJson(result: unknown, maxBytes: number): JsonText {
  let json: string | undefined;
  try {
    json = JSON.stringify(result ?? null);
  } catch (error) {
    throw new PermanentFailure(`The handler's result is no JSON: ${(error as Error).message}`);
  }
  if (json === undefined) throw new PermanentFailure(`The handler's result is no JSON: it is a ${typeof result}.`);
  if (Buffer.byteLength(json) > maxBytes) throw new PermanentFailure(`The handler's result is larger than ${maxBytes} bytes.`);
  return json;
}
