import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const api = process.env.TASKWELL_URL ?? 'http://127.0.0.1:8000';
const TEXT = /\.(?:js|css|html|svg)$/;

/** Builds the page into dist/apps/dashboard, from where the API serves it. `npm run dashboard` serves it from the sources instead. */
export default defineConfig({
  plugins: [compressed()],
  build: {
    outDir: '../../dist/apps/dashboard',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Everything is a file of this origin: the page's policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // Libraries mark what would be for servers too; there is none here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/livez', '/docs', '/openapi.json'].map((path) => [path, { target: api, ws: true }])),
  },
});

/** Packs what is written, so that the API sends it small without work of its own. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const file of Object.values(bundle)) {
        if (!TEXT.test(file.fileName)) continue;
        const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        const path = join(dir!, file.fileName);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content));
      }
    },
  };
}
