import { Inject } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Archiving, RESTORE_TIERS, type RestoreTier } from '@app/archive';
import { TaskHandler, type Handler, type TaskContext } from '@app/tasks';

const DEFAULT_DAYS = 7;

export class RestoreArchive {
  @IsUUID(undefined, { message: 'must be the id of an archive' })
  archive_id!: string;

  @JSONSchema({ description: 'For so many days S3 keeps a readable copy of the files.', default: DEFAULT_DAYS })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(365, { message: 'must be at most 365' })
  days?: number;

  @JSONSchema({ description: 'How fast, and how dear, S3 makes the files ready.', default: 'Standard' })
  @IsOptional()
  @IsIn(RESTORE_TIERS, { message: `must be one of ${RESTORE_TIERS.join(', ')}` })
  tier?: RestoreTier;
}

export class RestoredArchive {
  @IsString()
  archive_id!: string;

  @JSONSchema({ description: 'Rows that were put back; others were there already.' })
  @IsInt()
  restored!: number;
}

/** Puts the rows of an archive back. Safe to repeat. While S3 makes files ready, the task waits in line and holds no worker. */
@TaskHandler({
  type: 'archive.restore',
  administrative: true,
  title: 'Restore an archive',
  description:
    'Asks for the files of an archive, compares their SHA-256 with the manifest, and puts their rows back. POST /api/archives/{archive_id}/restore ' +
    'submits such a task.',
  payload: RestoreArchive,
  result: RestoredArchive,
  timeoutSeconds: 24 * 3_600,
  maxAttempts: 10,
})
export class ArchiveRestoreHandler implements Handler<RestoreArchive, RestoredArchive> {
  constructor(@Inject(Archiving) private readonly archiving: Archiving) {}

  async run({ archive_id, days, tier }: RestoreArchive, context: TaskContext): Promise<RestoredArchive> {
    const wish = { days: days ?? DEFAULT_DAYS, tier: tier ?? 'Standard' };
    const { id, restored } = await this.archiving.restore(archive_id, wish, context);
    return { archive_id: id, restored };
  }
}
