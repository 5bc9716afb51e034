import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { get } from '../../api/client';
import type { Task, TaskFile } from '../../api/types';
import { Card } from '../../ui/card';
import { bytesText } from '../../ui/numbers';

/** The files that the task keeps. */
export function FilesCard({ task }: { task: Task }) {
  const { data } = useQuery({
    queryKey: ['task', task.task_id, 'files', task.status],
    queryFn: ({ signal }) => get<{ items: TaskFile[] }>(`/api/tasks/${task.task_id}/files`, {}, signal),
    placeholderData: (before) => before,
  });
  const files = data?.items ?? [];
  if (files.length === 0) return null;
  return (
    <Card title="Files">
      <ul className="stack">
        {files.map(({ name, size, media_type, url }) => (
          <li key={name} className="row">
            <a href={url} download={name} className="row">
              <Download aria-hidden size={14} />
              {name}
            </a>
            <span className="faint small">
              {bytesText(size)} · {media_type}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
