import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../../support/scope.js';

/** Where a private server keeps its data: on the disk, in memory, or in memory with so much room and no more (needs root). */
export type Place = 'disk' | 'memory' | { memoryMb: number };

/** Makes an empty folder there; the scope removes it. */
export function folderAt(place: Place, name: string, scope: Scope, diskFolder: string): string {
  if (place === 'memory') {
    const folder = mkdtempSync(`/dev/shm/taskwell-${name}-`);
    scope.onEnd(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = join(diskFolder, name);
  mkdirSync(folder, { recursive: true });
  scope.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  if (typeof place === 'object') {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${place.memoryMb}m`, 'taskwell', folder]);
    // Lazily: a connection that was closed may have its files open until it is collected.
    scope.onEnd(() => execFileSync('umount', ['--lazy', folder]));
  }
  return folder;
}
