import type { Settings } from '@app/config';
import type { Metrics } from '@app/metrics';
import type { TaskServer } from '@app/transport';

/** How full this worker is. */
export function observeSlots(metrics: Metrics, settings: Settings, server: TaskServer): void {
  const { workerConcurrency: slots } = settings;
  metrics.gauge('taskwell_worker_slots', 'How many tasks this worker runs side by side.', [], () => [{ value: slots }]);
  // With short tasks some are claimed ahead of their turn; they wait, and are not at work.
  metrics.gauge('taskwell_worker_busy', 'How many of the slots are taken.', [], () => [
    { value: Math.min(slots, server.running) },
  ]);
}
