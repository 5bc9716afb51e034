import { LosslessNumber, writeJson } from '../../api/json';
import type { DataRecord } from '../../api/types';
import { visibleText } from '../../ui/visible-text';
import { MoreRows } from './more-rows';
import { useRows } from './use-rows';

/** More fields than that are not shown beside each other. */
const MOST_FIELDS = 40;

export function Rows({
  path,
  fields,
  filter,
}: {
  path: string;
  fields: readonly string[];
  filter: { field: string; value: string };
}) {
  const list = useRows<DataRecord>(`${path}/records`, filter.field === '' ? {} : { field: filter.field, value: filter.value });
  const shown = fields.slice(0, MOST_FIELDS);
  return (
    <MoreRows list={list} none="No such rows">
      {(rows) => (
        <table className="list-table data-table">
          <thead>
            <tr>
              <th className="right">Row</th>
              {shown.map((field) => (
                <th key={field}>{visibleText(field)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ task_id, row, data }) => (
              <tr key={`${task_id}.${row}`}>
                <td className="right num faint">{row}</td>
                {shown.map((field) => (
                  <td key={field}>{cellText((data as Record<string, unknown>)[field])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </MoreRows>
  );
}

function cellText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return visibleText(value);
  return value instanceof LosslessNumber ? value.value : writeJson(value);
}
