import { IsBoolean, IsOptional } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { readPeriod, type PeriodWish } from '@app/archive';
import { ArchiveYear, RestoreArchive } from '@app/handlers';
import { InvalidPayload, InvalidRequest, validate } from '@app/tasks';
import { parseInstant } from '../http/instant.js';

/** What to archive, as it stands in the body. */
export class ArchiveRequest extends ArchiveYear {
  @JSONSchema({ description: 'True to see what it would hold and delete, and to do nothing.', default: false })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  dry_run?: boolean;
}

/** @throws InvalidRequest, InvalidPayload for a period that makes no sense */
export function readArchiveRequest(body: unknown): { payload: ArchiveYear; wish: PeriodWish; dryRun: boolean } {
  const { dry_run, ...payload } = read(ArchiveRequest, body ?? {});
  for (const name of ['from', 'to'] as const) {
    if (payload[name] != null && !parseInstant(payload[name])) {
      throw new InvalidPayload([{ pointer: `/${name}`, detail: 'must be an instant that exists' }]);
    }
  }
  const period = readPeriod(payload);
  if ('violations' in period) throw new InvalidPayload(period.violations);
  return { payload, wish: period.wish, dryRun: dry_run === true };
}

/** How an archive is restored, as it stands in the body; it may be left out. */
export function readRestoreRequest(id: string, body: unknown): RestoreArchive {
  if (typeof body === 'object' && body !== null && Object.hasOwn(body, 'archive_id')) {
    throw new InvalidRequest([{ pointer: '/archive_id', detail: 'is in the path' }]);
  }
  return read(RestoreArchive, { ...(body as object | undefined), archive_id: id });
}

function read<T extends object>(type: new () => T, body: unknown): T {
  const checked = validate(type, body);
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return checked.value;
}
