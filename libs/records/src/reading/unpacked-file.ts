import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsyncBuffer } from 'hyparquet';
import type { Bytes } from './unpack.js';

/**
 * Parquet is read from its end, so a packed one is unpacked to the disk first. The file has no name while it is used, where the system
 * allows that: it is gone with the process, however that ends.
 */
export async function withUnpacked(bytes: Bytes, read: (file: AsyncBuffer) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'taskwell-import-'));
  const forget = () => rm(folder, { recursive: true, force: true });
  try {
    const handle = await open(join(folder, 'unpacked'), 'wx+');
    try {
      await forget().catch(() => undefined);
      let byteLength = 0;
      for await (const chunk of bytes) {
        await handle.writeFile(chunk);
        byteLength += chunk.length;
      }
      const slice = async (start: number, end = byteLength) => {
        const buffer = new ArrayBuffer(end - start);
        await handle.read(new Uint8Array(buffer), 0, buffer.byteLength, start);
        return buffer;
      };
      await read({ byteLength, slice });
    } finally {
      await handle.close();
    }
  } finally {
    await forget();
  }
}
