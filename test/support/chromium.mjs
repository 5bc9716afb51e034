// The one place that knows whether a browser is at hand. Plain JavaScript, because scripts/test.mjs asks too.
import { existsSync } from 'node:fs';

/** Where the dashboard's tests look for a browser. */
export const CHROMIUM_PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** @returns {string | null} null if there is one, or why not. */
export function missingChromium() {
  return existsSync(CHROMIUM_PATH) ? null : `nothing at ${CHROMIUM_PATH}`;
}
