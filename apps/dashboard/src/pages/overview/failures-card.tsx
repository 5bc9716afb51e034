import { CircleCheck } from 'lucide-react';
import { Link } from 'wouter';
import type { StatsNow } from '../../api/service-types';
import { Ago } from '../../ui/ago';
import { Card } from '../../ui/card';
import { Empty } from '../../ui/message';
import { shortCount } from '../../ui/numbers';
import { visibleText } from '../../ui/visible-text';

/** What fails, grouped by type and error. */
export function FailuresCard({ failures }: { failures: StatsNow['failures'] }) {
  return (
    <Card title="Failures" flush>
      {failures.length === 0 ? (
        <Empty title="Nothing failed" icon={<CircleCheck aria-hidden />} />
      ) : (
        <ul className="failures">
          {failures.map(({ type, kind, message, count, last_at, example_task_id }) => (
            <li key={`${type} ${kind} ${message}`}>
              <span className="failure-count num">{shortCount(count)}</span>
              <div className="stack tight grow">
                <Link href={`/tasks/${example_task_id}`} className="failure-text mono">
                  {visibleText(message)}
                </Link>
                <p className="faint small">
                  <Link href={`/tasks?query=${encodeURIComponent(`type:${type} status:FAILED`)}`}>{type}</Link> · {kind} · last{' '}
                  <Ago at={last_at} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
