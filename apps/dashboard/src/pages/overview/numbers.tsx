import { Link } from 'wouter';
import type { StatsNow } from '../../api/service-types';
import { STATUSES } from '../../api/types';
import { useNow } from '../../ui/clock';
import { cappedCount } from '../../ui/numbers';
import { statusWord } from '../../ui/status';
import { secondsBetween, spanText } from '../../ui/time';

/** How many tasks are in which state, and how long the oldest one waits. */
export function Numbers({ now: { by_status, oldest_waiting, capped_at } }: { now: StatsNow }) {
  const now = new Date(useNow()).toISOString();
  return (
    <ul className="numbers" aria-label="Tasks by status">
      {STATUSES.map((status) => (
        <li key={status}>
          <Link href={`/tasks?query=status:${status}`} className={`number card ${status.toLowerCase()}`}>
            <span className="muted small">{statusWord(status)}</span>
            <span className="number-value num">{cappedCount(by_status[status], capped_at)}</span>
          </Link>
        </li>
      ))}
      <li>
        {oldest_waiting === null ? (
          <div className="number card">
            <span className="muted small">Oldest waiting</span>
            <span className="number-value">–</span>
          </div>
        ) : (
          <Link href={`/tasks/${oldest_waiting.task_id}`} className="number card" title={oldest_waiting.type}>
            <span className="muted small">Oldest waiting</span>
            <span className="number-value num">{spanText(Math.max(secondsBetween(oldest_waiting.due_at, now), 0))}</span>
          </Link>
        )}
      </li>
    </ul>
  );
}
