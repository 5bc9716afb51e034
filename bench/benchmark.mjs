import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';

/**
 * Runs a benchmark, given the command line by `options` as Node's parseArgs has them, when everything it needs is installed and
 * built. One that cannot be made ends the process, and what it started, with one line and an exit code that is not zero.
 */
export async function benchmark(options, run) {
  try {
    const { values } = parseArgs({ options });
    prepare();
    await run(values);
  } catch (error) {
    console.error(`\nThe benchmark failed: ${process.env.DEBUG ? error.stack : error.message}`);
    process.exit(1);
  }
}

/**
 * The entries of `all` that a flag like `--only a,b` names, in their own order; all of them without the flag.
 *
 * @throws Error that lists what there is, if one is unknown.
 */
export function chosen(flag, all) {
  if (flag === undefined) return Object.entries(all);
  const names = flag.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(name in all));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}, but: ${Object.keys(all).join(', ')}.`);
  return Object.entries(all).filter(([name]) => names.includes(name));
}

/**
 * A flag's value as a number.
 *
 * @throws Error unless it is a whole number from 1.
 */
export function whole(flag, value) {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Error(`--${flag} must be a whole number from 1; it is ${value}.`);
}
