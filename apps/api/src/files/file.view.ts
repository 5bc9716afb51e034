import type { TaskFile } from '@app/tasks';

/** A file of a task as clients see it. */
export interface FileView {
  name: string;
  media_type: string;
  /** In bytes. */
  size: number;
  sha256: string;
  url: string;
  created_at: string;
}

export function fileView(taskId: string, { name, mediaType, size, sha256, createdAt }: TaskFile): FileView {
  const url = `/api/tasks/${taskId}/files/${encodeURIComponent(name)}`;
  return { name, media_type: mediaType, size, sha256, url, created_at: createdAt.toISOString() };
}
