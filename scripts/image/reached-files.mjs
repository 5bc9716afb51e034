// Called by the Dockerfile: copies to the folder named by its argument what the built apps reach, and nothing else.
// `npm run test:compose` runs the whole contract against an image that is made of it.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

const root = join(import.meta.dirname, '../..');
const target = process.argv[2];

/** Packages whose files are looked up by name while the apps run. */
const WHOLE = ['swagger-ui-dist', '@expo-google-fonts/inter'];

const isModule = (path) => /\.[cm]?js$/.test(path) && !path.startsWith('dist/apps/dashboard/');
const built = filesBelow('dist');

const { fileList } = await nodeFileTrace(built.filter(isModule), { base: root });
const reached = [...fileList].filter((path) => path.startsWith('node_modules/'));
const whole = WHOLE.flatMap((name) => filesBelow(`node_modules/${name}`)).filter((path) => !path.endsWith('.map'));

for (const path of new Set(['package.json', ...built, ...reached, ...whole])) {
  cpSync(join(root, path), join(target, path), { recursive: true });
}
console.log(`${built.length} built files, ${reached.length} files of packages, ${whole.length} files of ${WHOLE.join(' and ')}`);

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
