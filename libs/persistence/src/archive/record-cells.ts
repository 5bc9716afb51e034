import type { ArchiveRow } from '@app/archive';
import type { StoredInstant } from '../task-row.js';

/** An import with what its records share. */
export interface ImportOfRecords {
  number: number;
  datasetNo: number;
  dataset: string;
  taskId: string;
  fileName: string;
  importedAt: StoredInstant;
}

export const IMPORTS = `SELECT i.number, i.dataset_no AS datasetNo, d.id AS dataset, i.task_id AS taskId, i.file_name AS fileName,
  i.updated_at AS importedAt FROM imports i JOIN datasets d ON d.number = i.dataset_no`;

/** Imports that ended within a period; takes its instants. */
export const ENDED_WITHIN = 'i.outcome IS NOT NULL AND i.updated_at >= ? AND i.updated_at < ?';

export interface RecordTableRow {
  row: number;
  data: string;
}

export function toRecordRow(from: ImportOfRecords, { row, data }: RecordTableRow): ArchiveRow {
  return {
    key: `${from.number}/${row}`,
    cells: [from.dataset, from.number, row, from.taskId, from.fileName, new Date(from.importedAt).getTime(), data],
  };
}

export interface RecordKey {
  import: number;
  row: number;
}

export function recordKey(key: string): RecordKey {
  const [number, row] = key.split('/').map(Number);
  return { import: number!, row: row! };
}

/** What is to be written of an archived record. */
export function recordValues({ cells }: Pick<ArchiveRow, 'cells'>): RecordKey & { data: string } {
  return { import: Number(cells[1]), row: Number(cells[2]), data: cells[6] as string };
}

/** Values by their import. */
export function byImport<T extends RecordKey>(values: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const value of values) {
    const group = groups.get(value.import);
    if (group) group.push(value);
    else groups.set(value.import, [value]);
  }
  return groups;
}
