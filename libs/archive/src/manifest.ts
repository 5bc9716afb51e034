import type { Archive, ArchivePart, StoredObject } from './archive.js';
import { ARCHIVE_COLUMNS, ARCHIVE_KINDS, KEY_COLUMNS, type Column } from './tables.js';

/** Grows when a reader of the archive must know of a change. */
const SCHEMA_VERSION = 1;

/** What the types of columns are in the Parquet files. */
const TYPES = {
  text: 'string',
  json: 'string that holds JSON',
  int: '32-bit integer',
  bigint: '64-bit integer',
  instant: 'timestamp in milliseconds, UTC',
} as const;

/** The file that says what an archive holds, for readers that know nothing of Taskwell. The same archive always has the same. */
export function manifestOf(archive: Archive, parts: readonly ArchivePart[]): Buffer {
  const { id, period, fiscalYear, timeZone, createdAt } = archive;
  const manifest = {
    format: 'taskwell-archive',
    schema_version: SCHEMA_VERSION,
    archive_id: id,
    fiscal_year: fiscalYear,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    time_zone: timeZone,
    created_at: createdAt.toISOString(),
    tables: Object.fromEntries(
      ARCHIVE_KINDS.map((kind) => {
        const own = parts.filter((part) => part.kind === kind);
        const rows = own.reduce((sum, part) => sum + part.rows, 0);
        return [kind, { rows, columns: typesOf(ARCHIVE_COLUMNS[kind]), parts: own.map(partOf) }];
      }),
    ),
    keys: { columns: typesOf(KEY_COLUMNS) },
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

function partOf({ rows, firstKey, lastKey, object, keys }: ArchivePart) {
  return { ...objectOf(object), rows, first_key: firstKey, last_key: lastKey, keys: objectOf(keys) };
}

function objectOf({ key, size, sha256, checksums, storageClass }: StoredObject) {
  return { key, size, sha256, storage_checksums: checksums, storage_class: storageClass };
}

function typesOf(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, TYPES[type]]));
}
