import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { writeJson } from '../../api/json';
import type { AuditEntry } from '../../api/service-types';
import type { Page } from '../../api/types';
import { Ago } from '../../ui/ago';
import { Button } from '../../ui/button';
import { More } from '../../ui/more';
import { Card } from '../../ui/card';
import { Empty, Failed, Loading } from '../../ui/message';
import { visibleText } from '../../ui/visible-text';

const PAGE_SIZE = 100;

/** Who did what, newest first. */
export function AuditTab() {
  const [filter, setFilter] = useState({ actor: '', action: '' });
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      get<Page<AuditEntry>>('/api/audit', { page_size: PAGE_SIZE, page_token: pageParam, ...filter }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_page_token }) => next_page_token ?? undefined,
  });
  const entries = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Card flush title="Audit" actions={<AuditFilter onChange={setFilter} />}>
      {!entries ? (
        list.error ? (
          <Failed error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <Loading />
        )
      ) : entries.length === 0 ? (
        <Empty title="Nothing was done yet" />
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Audit">
          <table className="list-table">
            <thead>
              <tr>
                <th className="right">No.</th>
                <th>When</th>
                <th>Who</th>
                <th>Did</th>
                <th>To</th>
                <th>Detail</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ seq, at, actor, action, target, detail }) => (
                <tr key={seq}>
                  <td className="right num faint">{seq}</td>
                  <td className="muted">
                    <Ago at={at} />
                  </td>
                  <td>{visibleText(actor.name ?? actor.id ?? actor.kind)}</td>
                  <td className="mono">{action}</td>
                  <td className="mono faint audit-target">{target && `${target.kind} ${target.id ?? ''}`}</td>
                  <td className="mono faint">{detail === null ? '' : visibleText(writeJson(detail))}</td>
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

function AuditFilter({ onChange }: { onChange: (filter: { actor: string; action: string }) => void }) {
  const [draft, setDraft] = useState({ actor: '', action: '' });
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(draft);
      }}
    >
      {(['actor', 'action'] as const).map((name) => (
        <input
          key={name}
          className="input audit-input"
          aria-label={name}
          placeholder={name}
          value={draft[name]}
          onChange={({ target }) => setDraft({ ...draft, [name]: target.value.trim() })}
        />
      ))}
      <Button small type="submit">
        Filter
      </Button>
    </form>
  );
}
