import { Link } from 'wouter';
import type { StatsNow } from '../../api/service-types';
import { STATUSES, type Status } from '../../api/types';
import { Card } from '../../ui/card';
import { Empty } from '../../ui/message';
import { cappedCount } from '../../ui/numbers';
import { statusWord } from '../../ui/status';

/** How many tasks of each type are in which state. */
export function TypesCard({ types, cap }: { types: StatsNow['by_type']; cap: number }) {
  return (
    <Card title="By type" flush>
      {types.length === 0 ? (
        <Empty title="No tasks yet" />
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Tasks by type">
          <table className="list-table">
            <thead>
              <tr>
                <th>Type</th>
                {STATUSES.map((status) => (
                  <th key={status} className="right">
                    {statusWord(status)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {types.map((row) => (
                <tr key={row.type}>
                  <td>
                    <Link href={`/tasks?query=type:${row.type}`} className="mono">
                      {row.type}
                    </Link>
                  </td>
                  {STATUSES.map((status) => (
                    <td key={status} className="right num">
                      <Count count={row[status]} cap={cap} type={row.type} status={status} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Count({ count, cap, type, status }: { count: number; cap: number; type: string; status: Status }) {
  if (count === 0) return <span className="faint">0</span>;
  return (
    <Link href={`/tasks?query=${encodeURIComponent(`type:${type} status:${status}`)}`} className="count-link">
      {cappedCount(count, cap)}
    </Link>
  );
}
