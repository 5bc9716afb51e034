import type { DataRecord, Dataset, RecordError } from '@app/records';

/** A dataset as clients see it. */
export interface DatasetView {
  dataset_id: string;
  files: number;
  records: number;
  archived: number;
  errors: number;
  fields: string[];
  created_at: string;
  updated_at: string;
}

export interface RecordView {
  task_id: string;
  /** Its number in its file, from 1. */
  row: number;
  data: unknown;
}

export interface RecordErrorView {
  task_id: string;
  file: string;
  row: number;
  line: number | null;
  reason: string;
  text: string;
}

export function datasetView({ id, imports, records, archived, errors, fields, createdAt, updatedAt }: Dataset): DatasetView {
  return {
    dataset_id: id,
    files: imports,
    records,
    archived,
    errors,
    fields,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

export function recordView({ taskId, row, data }: DataRecord): RecordView {
  return { task_id: taskId, row: Number(row), data: JSON.parse(data) as unknown };
}

export function recordErrorView({ taskId, file, row, line, reason, text }: RecordError): RecordErrorView {
  return { task_id: taskId, file, row: Number(row), line: line === null ? null : Number(line), reason, text };
}
