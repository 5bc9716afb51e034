import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';

export const ROOT = join(import.meta.dirname, '../..');

/** Runs a program in the repository's top folder and gives its standard output. */
export function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 32 * 1024 * 1024,
  });
}

/** A suite that needs a program. Without it, it is left out and says so; with REQUIRE_SERVERS=1 it fails instead. */
export function describeWithProgram(
  program: string,
  of: string,
  args: readonly string[],
): (name: string, suite: () => void) => void {
  try {
    run(program, args);
    return describe;
  } catch {
    const reason = `no ${program} (Debian's package ${of})`;
    if (process.env.REQUIRE_SERVERS === '1') {
      return (name) =>
        describe(name, () => {
          it('finds the program it needs', () => {
            throw new Error(reason);
          });
        });
    }
    return (name, suite) => {
      process.stdout.write(`Left out "${name}": ${reason}\n`);
      describe.skip(name, suite);
    };
  }
}
