import { Inject } from '@nestjs/common';
import { IsInt, IsOptional, IsRFC3339, IsString, Max, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Archiving, readPeriod } from '@app/archive';
import { TaskHandler, type Handler, type TaskContext, type Violation } from '@app/tasks';

const INSTANT = { message: 'must be an RFC 3339 instant with an offset, such as 2027-04-01T00:00:00Z' };

export class ArchiveYear {
  @JSONSchema({
    description:
      'The financial year that begins in this calendar year. Without it, and without from and to: the one that ended last.',
  })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1970, { message: 'must be at least 1970' })
  // As far as the calendar of schedules goes.
  @Max(2_998, { message: 'must be at most 2998' })
  fiscal_year?: number;

  @JSONSchema({ type: 'string', format: 'date-time', description: 'The beginning of any other period.' })
  @IsOptional()
  @IsRFC3339(INSTANT)
  from?: string;

  @JSONSchema({ type: 'string', format: 'date-time', description: 'The end of that period, which is no part of it.' })
  @IsOptional()
  @IsRFC3339(INSTANT)
  to?: string;
}

export class ArchivedYear {
  @JSONSchema({ description: 'GET /api/archives/{archive_id} says what it holds.' })
  @IsString()
  archive_id!: string;

  @JSONSchema({ description: 'Rows that were deleted once they were archived.' })
  @IsInt()
  deleted!: number;
}

/** Exports what a period has left behind, and deletes it if the settings say so. Safe to repeat: a second run goes on where the first ended. */
@TaskHandler({
  type: 'archive.year',
  administrative: true,
  title: 'Archive a financial year',
  description:
    'Exports the records and the final tasks of a financial year, or of any period that has ended, to Parquet files in ARCHIVE_URL, looks whether ' +
    'they are kept as they were written, and only then deletes them, if ARCHIVE_DELETE says so. POST /api/archives submits such a task.',
  payload: ArchiveYear,
  result: ArchivedYear,
  timeoutSeconds: 24 * 3_600,
  // The storage may be away for a while.
  maxAttempts: 10,
})
export class ArchiveYearHandler implements Handler<ArchiveYear, ArchivedYear> {
  constructor(@Inject(Archiving) private readonly archiving: Archiving) {}

  check(payload: ArchiveYear): Violation[] {
    const read = readPeriod(payload);
    return 'violations' in read ? read.violations : [];
  }

  async run(payload: ArchiveYear, context: TaskContext): Promise<ArchivedYear> {
    const read = readPeriod(payload);
    const { id, deleted } = await this.archiving.make('wish' in read ? read.wish : {}, context);
    return { archive_id: id, deleted };
  }
}
