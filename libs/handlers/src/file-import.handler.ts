import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { Inject } from '@nestjs/common';
import { IsInt, IsString, Matches, MaxLength, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Settings } from '@app/config';
import { DATASET_ID, FileReader, FileRefused, ImportOptions, RecordStore, type ImportState, type RowSlice } from '@app/records';
import {
  FileStorage,
  PermanentFailure,
  StoreUnavailable,
  TaskHandler,
  failPoint,
  type Handler,
  type Lease,
  type TaskContext,
} from '@app/tasks';

/** Between two tries to write rows while the database is away. */
const STORE_RETRY_MS = 500;

export class ImportFile extends ImportOptions {
  @JSONSchema({ description: 'The key of the file, as POST /api/files gave it.' })
  @Matches(/^uploads\/[0-9a-f-]{36}-[0-9]{1,4}-[0-9a-f]{64}$/, { message: 'must be the key of an uploaded file' })
  file!: string;

  @JSONSchema({ description: "The file's own name; it says nothing about its format." })
  @IsString()
  @MaxLength(255)
  name!: string;

  @JSONSchema({ description: 'In bytes.' })
  @IsInt()
  @Min(0)
  size!: number;

  @JSONSchema({ description: 'The dataset that the rows go to.' })
  @Matches(DATASET_ID, { message: 'must be letters, digits, dots, underscores and dashes, 100 at most' })
  dataset!: string;
}

export class ImportedFile {
  @IsString()
  dataset!: string;

  @IsString()
  format!: string;

  @IsInt()
  records!: number;

  @JSONSchema({ description: 'Rows that could not be taken over; GET /api/datasets/{id}/errors says why.' })
  @IsInt()
  errors!: number;
}

/**
 * Makes the rows of a file into records of a dataset. A second run goes on where the first one ended: how far it is stands beside the
 * rows and is written together with them.
 */
@TaskHandler({
  type: 'file.import',
  title: 'Import a file',
  description:
    'Makes the rows of an uploaded file into records: CSV, TSV, text, JSON, NDJSON, XML or Parquet, also packed with gzip. POST /api/files ' +
    'submits one such task for every file. A bad row is noted with its line and does not stop the file, until there are more than max_errors.',
  payload: ImportFile,
  result: ImportedFile,
  timeoutSeconds: 24 * 3_600,
  // Each attempt goes on where the one before was.
  maxCrashes: 5,
})
export class FileImportHandler implements Handler<ImportFile, ImportedFile> {
  constructor(
    @Inject(RecordStore) private readonly records: RecordStore,
    @Inject(FileStorage) private readonly storage: FileStorage,
    @Inject(FileReader) private readonly reader: FileReader,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  async run({ file, name, size, dataset, ...options }: ImportFile, context: TaskContext): Promise<ImportedFile> {
    const lease = { id: context.taskId, attempt: context.attempt };
    let state = await this.records.begin(lease, { dataset, source: file, name, size });
    if (state.outcome === null) {
      const end = await this.read(state, { file, size, options }, lease, context);
      state = await this.records.end(lease, state.number, end);
    }
    // Nobody reads it again: whoever finds the import ended goes by that.
    await this.storage.remove(file).catch(() => undefined);
    if (state.outcome) throw new PermanentFailure(state.outcome);
    return { dataset, format: state.format!, records: state.records, errors: state.errors };
  }

  /** Writes all rows that are not written yet. Answers how the import ends: the empty outcome, or the reason of a refusal. */
  private async read(
    state: ImportState,
    { file, size, options }: { file: string; size: number; options: ImportOptions },
    lease: Lease,
    context: TaskContext,
  ): Promise<{ format: string | null; outcome: string }> {
    let stream: Readable | undefined;
    let pieces: AsyncIterator<Buffer> | undefined;
    let { records, errors } = state;
    let written = Promise.resolve();
    const say = (bytes: number) => context.progress(bytes, size, `${records} rows, ${errors} errors`);
    const write = async (slice: RowSlice, bytes: number): Promise<void> => {
      await this.append(lease, state.number, slice, bytes, context.signal);
      records += slice.rows.length;
      errors += slice.errors.length;
      say(bytes);
      failPoint('mid_effect');
    };
    try {
      const { format } = await this.reader.read({
        assignment: {
          options: { ...options },
          size,
          after: state.row,
          sliceRows: this.records.sliceRows,
          sliceLength: this.records.sliceLength,
          maxUnpackedBytes: this.settings.maxUnpackedBytes,
        },
        next: async () => {
          stream ??= await this.open(file);
          pieces ??= stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
          const piece = await pieces.next();
          return piece.done ? null : piece.value;
        },
        slice: async (from, to) => (from === to ? new Uint8Array() : collect(await this.open(file, { from, to }))),
        // One after another, although the next one is given before this one is written.
        write: (slice, bytes) => (written = written.then(() => write(slice, bytes))),
        onBytes: say,
        signal: context.signal,
      });
      return { format, outcome: '' };
    } catch (error) {
      if (error instanceof FileRefused) return { format: null, outcome: error.message };
      throw error;
    } finally {
      stream?.destroy();
    }
  }

  /** The database may be away for a while; the lease says for how long that matters. */
  private async append(lease: Lease, number: number, slice: RowSlice, bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await this.records.append(lease, number, slice, bytes);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await pause(STORE_RETRY_MS, undefined, { signal });
      }
    }
  }

  private async open(file: string, range?: { from: number; to: number }): Promise<Readable> {
    try {
      return await this.storage.open(file, range);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new PermanentFailure('The file is not kept any more.');
      throw error;
    }
  }
}

async function collect(stream: Readable): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await once(stream, 'end');
  return Buffer.concat(pieces);
}
