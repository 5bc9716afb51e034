import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

const QUANTILES = [0.5, 0.9, 0.99, 1];
const RESOLUTION_MS = 20;

/** What concerns the process and not its tasks. */
export function observeProcess(metrics: Metrics, version: string): void {
  metrics.gauge('taskwell_build_info', 'Always 1; the labels tell the build.', ['version'], () => [
    { labels: { version }, value: 1 },
  ]);

  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  metrics.gauge('taskwell_event_loop_lag_seconds', 'How late timers were since the last scrape.', ['quantile'], () => {
    const samples = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      // It measures the whole time from timer to timer, in nanoseconds.
      value: delay.count === 0 ? 0 : Math.max(0, delay.percentile(quantile * 100) / 1e9 - RESOLUTION_MS / 1000),
    }));
    delay.reset();
    return samples;
  });
}
