// `npm run screenshots`: installs and builds what is missing, then takes the pictures in docs/screenshots/.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensureNode } from './ensure.mjs';

ensureNode();
ensureInstalled();
ensureBuilt();

const root = join(import.meta.dirname, '..');
const args = ['--import', 'tsx', join(root, 'test/dashboard/screenshots.ts'), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1);
