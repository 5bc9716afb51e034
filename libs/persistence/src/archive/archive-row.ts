import type { Archive, ArchiveKind, ArchivePart, ArchivePlan, ArchiveStatus, StoredObject } from '@app/archive';
import type { StoredInstant } from '../task-row.js';

export const ARCHIVE_COLUMNS_SELECT = `id, fiscal_year AS fiscalYear, period_from AS periodFrom, period_to AS periodTo,
  time_zone AS timeZone, prefix, delete_rows AS deleteRows, status, deleted, restored, manifest, restore_task_id AS restoreTaskId,
  created_at AS createdAt, updated_at AS updatedAt, verified_at AS verifiedAt, completed_at AS completedAt`;

/** A row of `archives` read with {@link ARCHIVE_COLUMNS_SELECT}. */
export interface ArchiveTableRow {
  id: string;
  fiscalYear: number | null;
  periodFrom: StoredInstant;
  periodTo: StoredInstant;
  timeZone: string;
  prefix: string;
  deleteRows: 0 | 1;
  status: ArchiveStatus;
  deleted: number | string;
  restored: number | string;
  manifest: string | null;
  restoreTaskId: string | null;
  createdAt: StoredInstant;
  updatedAt: StoredInstant;
  verifiedAt: StoredInstant | null;
  completedAt: StoredInstant | null;
}

export function toArchive(row: ArchiveTableRow): Archive {
  const { periodFrom, periodTo, ...rest } = row;
  return {
    ...rest,
    period: { from: new Date(periodFrom), to: new Date(periodTo) },
    deleteRows: row.deleteRows === 1,
    deleted: Number(row.deleted),
    restored: Number(row.restored),
    manifest: row.manifest === null ? null : (JSON.parse(row.manifest) as StoredObject),
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    verifiedAt: row.verifiedAt === null ? null : new Date(row.verifiedAt),
    completedAt: row.completedAt === null ? null : new Date(row.completedAt),
  };
}

/** A new row of `archives` but for its times of change, which are the database's. */
export function archiveValues(id: string, plan: ArchivePlan, instant: (at: Date) => unknown) {
  return {
    id,
    fiscal_year: plan.fiscalYear,
    period_from: instant(plan.period.from),
    period_to: instant(plan.period.to),
    time_zone: plan.timeZone,
    prefix: plan.prefix,
    delete_rows: plan.deleteRows ? 1 : 0,
    status: 'EXPORTING',
  };
}

export const PARTS = `SELECT kind, number, row_count AS \`rows\`, first_key AS firstKey, last_key AS lastKey, object, keys_object AS keysObject,
  removed, restored FROM archive_parts WHERE archive_id = ? ORDER BY kind, number`;

/** A row of `archive_parts` read with {@link PARTS}. */
export interface PartTableRow {
  kind: ArchiveKind;
  number: number;
  rows: number | string;
  firstKey: string;
  lastKey: string;
  object: string;
  keysObject: string;
  removed: 0 | 1;
  restored: 0 | 1;
}

export function toPart({ object, keysObject, ...row }: PartTableRow): ArchivePart {
  return {
    ...row,
    rows: Number(row.rows),
    object: JSON.parse(object) as StoredObject,
    keys: JSON.parse(keysObject) as StoredObject,
    removed: row.removed === 1,
    restored: row.restored === 1,
  };
}

/** In the order of {@link PART_COLUMNS}. */
export function partValues(id: string, { kind, number, rows, firstKey, lastKey, object, keys }: ArchivePart): unknown[] {
  return [id, kind, number, rows, firstKey, lastKey, JSON.stringify(object), JSON.stringify(keys)];
}

export const PART_COLUMNS = ['archive_id', 'kind', 'number', 'row_count', 'first_key', 'last_key', 'object', 'keys_object'];
