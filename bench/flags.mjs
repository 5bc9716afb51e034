import { parseArgs } from 'node:util';

/** What the command line says, by the options of Node's parseArgs. Ends the process, with a line that says why, if it makes no sense. */
export function flags(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error);
  }
}

/** Ends a benchmark that cannot be made, and what it started: one line, and an exit code that is not zero. */
export function fail(error) {
  console.error(`\nThe benchmark failed: ${process.env.DEBUG ? error.stack : error.message}`);
  process.exit(1);
}
