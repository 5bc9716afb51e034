import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { LocalFiles } from '../src/local-files.js';
import { MAX_BYTES, describeFileStorage } from './file-storage.contract.js';

describeFileStorage('Files in a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  const kept = join(folder, 'kept');
  return {
    files: new LocalFiles({ folder: kept, maxBytes: MAX_BYTES }),
    // Also what is beside the folder.
    all: async () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(kept, join(parentPath, name))),
    close: async () => rmSync(folder, { recursive: true }),
  };
});
