import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { get } from '../../api/client';
import type { Dataset, Page } from '../../api/types';
import { Ago } from '../../ui/ago';
import { More } from '../../ui/more';
import { Card } from '../../ui/card';
import { Empty, Failed, Loading } from '../../ui/message';
import { countText } from '../../ui/numbers';

const ASK_MS = 5_000;

/** What files were made into. */
export function DatasetsCard() {
  const list = useInfiniteQuery({
    queryKey: ['datasets'],
    queryFn: ({ pageParam, signal }) => get<Page<Dataset>>('/api/datasets', { page_token: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_page_token }) => next_page_token ?? undefined,
    refetchInterval: ASK_MS,
  });
  const datasets = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Card title="Datasets" flush>
      {list.error && !datasets ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : !datasets ? (
        <Loading lines={4} />
      ) : datasets.length === 0 ? (
        <Empty title="No datasets yet">
          <p>The rows of files appear here.</p>
        </Empty>
      ) : (
        <div className="scroll-x">
          <table className="list-table">
            <thead>
              <tr>
                <th>Name</th>
                <th className="right">Rows</th>
                <th className="right">Bad rows</th>
                <th className="right">Files</th>
                <th>Changed</th>
              </tr>
            </thead>
            <tbody>
              {datasets.map(({ dataset_id, records, errors, files, updated_at }) => (
                <tr key={dataset_id}>
                  <td>
                    <Link href={`/datasets/${dataset_id}`}>{dataset_id}</Link>
                  </td>
                  <td className="right num">{countText(records)}</td>
                  <td className="right num">{countText(errors)}</td>
                  <td className="right num">{countText(files)}</td>
                  <td className="muted">
                    <Ago at={updated_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <More list={list} />
        </div>
      )}
    </Card>
  );
}
