import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const INSTALLED = join(root, 'node_modules/.package-lock.json');
const BUILT = join(root, 'dist/.built');
const PAGE_BUILT = join(root, 'dist/apps/dashboard/.built');

/** Ends the process unless Node is new enough. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Taskwell needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the packages that package-lock.json names, if they are missing or older than it. */
export function ensureInstalled() {
  if (changedAt(INSTALLED) >= changedAt(join(root, 'package-lock.json'))) return;
  console.log('Installing packages (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Builds what of dist/ is older than its sources. Building the services empties dist/, the page with it. */
export function ensureBuilt() {
  const page = filesBelow(join(root, 'apps/dashboard'));
  const services = ['apps', 'libs'].flatMap((folder) => filesBelow(join(root, folder))).filter((path) => !page.includes(path));
  if (isOlder(BUILT, [...services.filter(isCode), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json'), INSTALLED])) {
    console.log('Building …');
    run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build']);
    writeFileSync(BUILT, '');
  }
  if (isOlder(PAGE_BUILT, [...page, INSTALLED])) {
    console.log('Building the dashboard …');
    run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'apps/dashboard', '--logLevel', 'warn']);
    writeFileSync(PAGE_BUILT, '');
  }
}

/** Takes own settings from .env.local, and what that does not say from .env. The environment wins over both. */
export function loadSettings() {
  for (const name of ['.env.local', '.env']) {
    const path = join(root, name);
    if (existsSync(path)) process.loadEnvFile(path);
  }
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** Whether what was built is older than one of its inputs. */
function isOlder(built, inputs) {
  return Math.max(...inputs.map(changedAt)) > changedAt(built);
}

function isCode(path) {
  return path.endsWith('.ts');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
