import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Why } from '../../api/service-types';
import type { Task } from '../../api/types';

const ASK_MS = 3_000;

/** Why it is not running, in words. */
export function WhyNotice({ task }: { task: Task }) {
  const why = useQuery({
    queryKey: ['task', task.task_id, 'why'],
    queryFn: ({ signal }) => get<Why>(`/api/tasks/${task.task_id}/why`, {}, signal),
    refetchInterval: ASK_MS,
  });
  const reasons = why.data?.reasons ?? [];
  if (reasons.length === 0) return null;
  return (
    <section className="notice amber stack tight" aria-label="Why is it not running?">
      <h2>Why is it not running?</h2>
      <ul className="why">
        {reasons.map(({ code, text }) => (
          <li key={code}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
