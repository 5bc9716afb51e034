/** Deepest nesting of a row. */
export const MAX_ROW_DEPTH = 32;

/** Why a JSON value is no row; null if it is one. */
export function objectProblem(value: unknown): string | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return `is ${kind}, not an object`;
}

/** True if JSON text is nested no deeper than a row may be. */
export function isFlatEnough(json: string): boolean {
  let depth = 0;
  let at = 0;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(json, at);
      continue;
    }
    if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_ROW_DEPTH) return false;
    } else if (code === 0x7d || code === 0x5d) depth--;
    at++;
  }
  return true;
}

/** The position after the string that begins at a position; beyond the text if it does not end there. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length + 1 : end + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}
