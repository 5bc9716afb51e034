// `npm run sbom`: writes what Taskwell ships with to sbom.cdx.json (CycloneDX). The image has the same as /app/sbom.cdx.json.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const args = ['sbom', '--package-lock-only', '--omit', 'dev', '--sbom-format', 'cyclonedx'];
const text = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
writeFileSync(join(root, 'sbom.cdx.json'), text);
console.log(`${JSON.parse(text).components.length} components in sbom.cdx.json`);
