import { Link } from 'wouter';
import type { RecordError } from '../../api/types';
import { visibleText } from '../../ui/visible-text';
import { MoreRows } from './more-rows';
import { useRows } from './use-rows';

/** The rows that could not be read, and why. */
export function BadRows({ path }: { path: string }) {
  const list = useRows<RecordError>(`${path}/errors`);
  return (
    <MoreRows list={list} none="No bad rows">
      {(rows) => (
        <table className="list-table data-table">
          <thead>
            <tr>
              <th>File</th>
              <th className="right">Line</th>
              <th>Reason</th>
              <th>Text</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ task_id, file, row, line, reason, text }) => (
              <tr key={`${task_id}.${row}`}>
                <td>
                  <Link href={`/tasks/${task_id}`}>{file}</Link>
                </td>
                <td className="right num">{line ?? row}</td>
                <td>{reason}</td>
                <td className="mono">{visibleText(text.slice(0, 300))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </MoreRows>
  );
}
