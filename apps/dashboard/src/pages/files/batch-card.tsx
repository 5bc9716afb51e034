import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { get } from '../../api/client';
import type { Batch } from '../../api/types';
import { Bar } from '../../ui/bar';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loaded';
import { bytesText, countText } from '../../ui/numbers';
import { StatusBadge } from '../../ui/status';

const ASK_MS = 500;

/** How far the files of an upload are. */
export function BatchCard({ id }: { id: string }) {
  const batch = useQuery({
    queryKey: ['batch', id],
    queryFn: ({ signal }) => get<Batch>(`/api/batches/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data?.finished ? false : ASK_MS),
  });
  return (
    <Loaded query={batch}>
      {(shown) => (
        <Card
          flush
          title={shown.finished ? 'Upload finished' : 'Reading …'}
          actions={
            <Link href={`/datasets/${shown.dataset}`} className="button small">
              Open dataset
            </Link>
          }
        >
          <p className="batch-sum num muted">
            {countText(shown.records)} rows · {countText(shown.errors)} bad · {bytesText(shown.bytes.done)} of{' '}
            {bytesText(shown.bytes.total)}
          </p>
          <div className="scroll-x">
            <table className="list-table">
              <thead>
                <tr>
                  <th>File</th>
                  <th>Status</th>
                  <th className="right">Rows</th>
                  <th className="right">Bad rows</th>
                  <th className="right">Size</th>
                  <th>Progress</th>
                </tr>
              </thead>
              <tbody>
                {shown.items.map((item) => (
                  <FileRow key={item.task_id} item={item} dataset={shown.dataset} />
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
    </Loaded>
  );
}

function FileRow({ item, dataset }: { item: Batch['items'][number]; dataset: string }) {
  const { task_id, file, status, records, errors, bytes } = item;
  const isDone = status === 'COMPLETED';
  const share = isDone ? 1 : bytes.total === 0 ? 0 : bytes.done / bytes.total;
  return (
    <tr>
      <td>
        <Link href={`/tasks/${task_id}`}>{file}</Link>
      </td>
      <td>
        <StatusBadge status={status} />
      </td>
      <td className="right num">{countText(records)}</td>
      <td className="right num">
        {errors === 0 ? '0' : <Link href={`/datasets/${dataset}?rows=bad`}>{countText(errors)}</Link>}
      </td>
      <td className="right num muted nowrap">{bytesText(bytes.total)}</td>
      <td className="bar-cell">
        <Bar share={share} label={`Reading ${file}`} look={isDone ? 'done' : status === 'FAILED' ? 'failed' : ''} />
      </td>
    </tr>
  );
}
