// `npm start`: installs and builds what is missing, then serves. With a broker in TRANSPORT_URL it is the API alone.
import { ensureBuilt, ensureInstalled, ensureNode, loadSettings } from './ensure.mjs';

ensureNode();
ensureInstalled();
ensureBuilt();
loadSettings();
await import(process.argv[2] === 'worker' ? '../dist/apps/worker/src/main.js' : '../dist/apps/api/src/main.js');
