import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/ensure.mjs';

/** Installs and builds what a benchmark needs; to be called before anything is imported that comes from a package. */
export function prepare() {
  ensureNode();
  ensureInstalled();
  ensureBuilt();
  const installed = join(import.meta.dirname, 'node_modules/.package-lock.json');
  if (changedAt(installed) >= changedAt(join(import.meta.dirname, 'package-lock.json'))) return;
  console.log("Installing the benchmarks' own packages (once) …");
  const options = { cwd: import.meta.dirname, stdio: 'inherit' };
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (status !== 0) process.exit(status ?? 1);
}

function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
