/** What the tasks of a batch share. */
export function tagOf(batchId: string): string {
  return `batch:${batchId}`;
}

/** Where the file of a batch belongs in the storage. */
export function placeOf(batchId: string, index: number): string {
  return `uploads/${batchId}-${index}`;
}

/** The batch that a key of the storage belongs to; undefined for the keys of other files. */
export function batchOfKey(key: string): string | undefined {
  return /^uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d+-[0-9a-f]{64}$/.exec(key)?.[1];
}
