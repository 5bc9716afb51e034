import type { BatchFile } from '@app/records';
import { STATUSES, isFinal, type TaskStatus } from '@app/tasks';

/** The answer to an upload, in the order of its files. */
export interface UploadView {
  batch_id: string;
  message: string;
  dataset: string;
  items: { task_id: string; file: string; size: number; status: 'PENDING' }[];
}

/** How far the files of an upload are. */
export interface BatchView {
  batch_id: string;
  dataset: string;
  /** Every task has come to its end. */
  finished: boolean;
  tasks: Record<TaskStatus, number>;
  records: number;
  errors: number;
  bytes: { done: number; total: number };
  items: {
    task_id: string;
    file: string;
    status: TaskStatus;
    records: number;
    errors: number;
    bytes: { done: number; total: number };
  }[];
}

/** What of the payload of a `file.import` is shown. */
interface Payload {
  name: string;
  size: number;
  dataset: string;
}

export function batchView(id: string, files: readonly BatchFile[]): BatchView {
  const items = files.map(({ taskId, status, payload, records, errors, bytes }) => {
    const { name, size } = payload as Payload;
    return { task_id: taskId, file: name, status, records, errors, bytes: { done: bytes, total: size } };
  });
  const sum = (count: (item: (typeof items)[number]) => number) => items.reduce((total, item) => total + count(item), 0);
  return {
    batch_id: id,
    dataset: (files[0]!.payload as Payload).dataset,
    finished: items.every(({ status }) => isFinal(status)),
    tasks: Object.fromEntries(
      STATUSES.map((status) => [status, items.filter((item) => item.status === status).length]),
    ) as Record<TaskStatus, number>,
    records: sum(({ records }) => records),
    errors: sum(({ errors }) => errors),
    bytes: { done: sum(({ bytes }) => bytes.done), total: sum(({ bytes }) => bytes.total) },
    items,
  };
}
