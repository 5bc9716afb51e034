// `npm run taskwell -- COMMAND`: the command line, built if it is missing.
import { ensureBuilt, ensureInstalled, ensureNode, loadSettings } from './ensure.mjs';

ensureNode();
ensureInstalled();
ensureBuilt();
loadSettings();
await import('../dist/apps/cli/src/main.js');
