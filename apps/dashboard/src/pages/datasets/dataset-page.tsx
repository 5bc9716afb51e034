import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { Link, useSearchParams } from 'wouter';
import { get } from '../../api/client';
import type { Dataset } from '../../api/types';
import { Page } from '../../shell/page';
import { Loaded } from '../../ui/loaded';
import { countText, plural } from '../../ui/numbers';
import { Segments } from '../../ui/segments';
import { BadRows } from './bad-rows';
import { FieldFilter } from './field-filter';
import { Rows } from './rows';
import './datasets.css';

/** The rows of a dataset, good and bad. */
export default function DatasetPage({ id }: { id: string }) {
  const [params, setParams] = useSearchParams();
  const path = `/api/datasets/${encodeURIComponent(id)}`;
  const dataset = useQuery({ queryKey: ['dataset', id], queryFn: ({ signal }) => get<Dataset>(path, {}, signal) });
  const bad = params.get('rows') === 'bad';
  const filter = { field: params.get('field') ?? '', value: params.get('value') ?? '' };
  return (
    <Page
      title={id}
      beside={
        <Link href="/files" className="faint">
          Datasets
        </Link>
      }
      actions={
        <>
          <a className="button" href={`${path}/download?format=csv`} download>
            <Download aria-hidden />
            CSV
          </a>
          <a className="button" href={`${path}/download`} download>
            <Download aria-hidden />
            NDJSON
          </a>
        </>
      }
    >
      <Loaded query={dataset}>
        {(shown) => (
          <div className="stack">
            <div className="row wrap spread">
              <Segments
                label="Rows"
                value={bad ? 'bad' : 'good'}
                options={[
                  { value: 'good', label: `${countText(shown.records)} rows` },
                  { value: 'bad', label: `${countText(shown.errors)} bad` },
                ]}
                onChange={(rows) => setParams(rows === 'bad' ? { rows } : {}, { replace: true })}
              />
              <span className="faint small">{plural(shown.files, 'file')}</span>
            </div>
            {!bad && (
              <FieldFilter
                key={`${filter.field} ${filter.value}`}
                fields={shown.fields}
                filter={filter}
                onChange={({ field, value }) => setParams(field === '' ? {} : { field, value })}
              />
            )}
            {bad ? <BadRows path={path} /> : <Rows path={path} fields={shown.fields} filter={filter} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
