import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MEGABYTE = 1024 * 1024;

/** Takes the room of the folder's file system, but for so many megabytes. Answers what gives it back. */
export function fillDisk(folder: string, leaveMb = 0): () => void {
  const path = join(folder, 'filler');
  const file = openSync(path, 'w');
  try {
    for (const size of [MEGABYTE, 4096]) {
      while (freeBytes(folder) >= leaveMb * MEGABYTE + size) writeSync(file, Buffer.alloc(size));
    }
  } finally {
    closeSync(file);
  }
  return () => rmSync(path, { force: true });
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
