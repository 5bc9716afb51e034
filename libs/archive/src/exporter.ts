import { failPoint, type Lease, type TaskContext } from '@app/tasks';
import type { Archive, ArchivePart } from './archive.js';
import type { ArchiveStorage } from './archive-storage.js';
import type { ArchiveStore } from './archive-store.js';
import { manifestOf } from './manifest.js';
import { parquetOf } from './parquet-writer.js';
import { rowKey, type RowKey } from './row-digest.js';
import { ARCHIVE_COLUMNS, ARCHIVE_KINDS, KEY_COLUMNS, type ArchiveKind, type ArchiveRow, type Cell } from './tables.js';

/** A part ends with the first rows that reach one of these. */
const PART_ROWS = 50_000;
const PART_BYTES = 256 * 1024 * 1024;
const KEYS_PER_GROUP = 5_000;

type Context = Pick<TaskContext, 'signal' | 'progress' | 'log'>;

/** Writes the files of an archive. What an earlier attempt has noted is not written again. */
export class Exporter {
  constructor(
    private readonly store: ArchiveStore,
    private readonly storage: ArchiveStorage,
    private readonly keepKeysMs: number,
  ) {}

  async run(archive: Archive, lease: Lease, context: Context): Promise<void> {
    const parts = await this.store.parts(archive.id);
    await this.clear(archive, parts, context);
    const counts = await Promise.all(ARCHIVE_KINDS.map((kind) => this.store.count(kind, archive.period, this.keepKeysMs)));
    const total = counts.reduce((sum, { rows }) => sum + rows, 0);
    let written = parts.reduce((sum, { rows }) => sum + rows, 0);
    const onRows = (kind: ArchiveKind, rows: number) => context.progress((written += rows), total, `exporting ${kind}`);
    for (const kind of ARCHIVE_KINDS) {
      const own = parts.filter((part) => part.kind === kind);
      let last = own.at(-1);
      for (;;) {
        last = await this.writePart(archive, kind, last, lease, context, (rows) => onRows(kind, rows));
        if (!last) break;
        context.log(`${last.object.key}: ${last.rows} rows, ${last.object.size} bytes`);
        parts.push(last);
      }
    }
    const manifest = await this.storage.put(`${archive.prefix}/manifest.json`, once(manifestOf(archive, parts)), {
      cold: false,
      signal: context.signal,
    });
    failPoint('archive_manifest_stored');
    await this.store.advance(lease, archive.id, 'EXPORTING', { manifest });
  }

  /** Forgets what earlier attempts have stored and not noted, so that nobody who reads all files finds a row twice. */
  private async clear({ prefix }: Archive, parts: readonly ArchivePart[], { log }: Context): Promise<void> {
    await this.storage.tidy(prefix);
    const noted = new Set(parts.flatMap(({ object, keys }) => [object.key, keys.key]));
    for (const key of await this.storage.list(prefix)) {
      if (noted.has(key)) continue;
      await this.storage.remove(key);
      log(`${key}: removed, no attempt had noted it`);
    }
  }

  /** Undefined if there are no more rows. */
  private async writePart(
    { id, prefix, period }: Archive,
    kind: ArchiveKind,
    before: ArchivePart | undefined,
    lease: Lease,
    { signal }: Context,
    onRows: (rows: number) => void,
  ): Promise<ArchivePart | undefined> {
    let rows = await this.store.rows(kind, period, before?.lastKey ?? null);
    if (rows.length === 0) return undefined;
    const number = (before?.number ?? 0) + 1;
    const names: RowKey[] = [];
    let bytes = 0;
    const groups = async function* (this: Exporter): AsyncGenerator<Cell[][]> {
      while (rows.length > 0) {
        names.push(...rows.map(rowKey));
        for (let index = names.length - rows.length; index < names.length; index++) bytes += names[index]!.size;
        yield rows.map(({ cells }) => cells);
        onRows(rows.length);
        if (names.length >= PART_ROWS || bytes >= PART_BYTES) return;
        rows = await this.store.rows(kind, period, lastOf(rows).key);
      }
    };
    // An attempt that has lost its lease must not write over what a later one has found to be whole.
    const name = `${String(number).padStart(5, '0')}.${lease.attempt}.parquet`;
    const object = await this.storage.put(`${prefix}/${kind}/${name}`, parquetOf(ARCHIVE_COLUMNS[kind], groups.call(this)), {
      cold: true,
      signal,
    });
    failPoint('archive_part_stored');
    const keys = await this.storage.put(`${prefix}/keys/${kind}/${name}`, parquetOf(KEY_COLUMNS, groupsOf(names)), {
      cold: false,
      signal,
    });
    const part: ArchivePart = {
      kind,
      number,
      rows: names.length,
      firstKey: names[0]!.key,
      lastKey: names.at(-1)!.key,
      object,
      keys,
      removed: false,
      restored: false,
    };
    await this.store.keepPart(lease, id, part);
    failPoint('archive_part_noted');
    return part;
  }
}

function lastOf(rows: readonly ArchiveRow[]): ArchiveRow {
  return rows[rows.length - 1]!;
}

function* groupsOf(names: readonly RowKey[]): Generator<Cell[][]> {
  for (let from = 0; from < names.length; from += KEYS_PER_GROUP) {
    yield names.slice(from, from + KEYS_PER_GROUP).map(({ key, digest, size }) => [key, digest, size]);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
