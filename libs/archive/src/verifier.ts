import { PermanentFailure, TransientFailure, type TaskContext } from '@app/tasks';
import type { Archive, ArchivePart, StoredObject } from './archive.js';
import type { ArchiveStorage } from './archive-storage.js';

/** Compares what the storage says about every file of an archive with what was written. @throws PermanentFailure for the first that differs */
export async function verify(
  storage: ArchiveStorage,
  { manifest }: Pick<Archive, 'manifest'>,
  parts: readonly ArchivePart[],
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<void> {
  const objects = [...parts.flatMap(({ object, keys }) => [object, keys]), manifest!];
  for (const [index, object] of objects.entries()) {
    signal.throwIfAborted();
    await compare(storage, object);
    progress(index + 1, objects.length, 'verifying files');
  }
}

async function compare(storage: ArchiveStorage, written: StoredObject): Promise<void> {
  const kept = await storage.look(written.key).catch((error: Error) => {
    throw new TransientFailure(`${written.key} could not be looked at: ${error.message}`, { cause: error });
  });
  if (!kept) throw new PermanentFailure(`${written.key} is not in the storage. Nothing was deleted.`);
  for (const [name, value] of Object.entries(comparable(kept))) {
    const expected = comparable(written)[name];
    if (value === expected) continue;
    throw new PermanentFailure(`${written.key}: its ${name} is ${value}, expected ${expected}. Nothing was deleted.`);
  }
}

function comparable({
  size,
  checksums,
  storageClass,
}: Pick<StoredObject, 'size' | 'checksums' | 'storageClass'>): Record<string, string | number | null> {
  return { size, 'storage class': storageClass, ...checksums };
}
