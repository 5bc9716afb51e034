import type { Stats, StatsPoint } from '../../api/service-types';
import { Card } from '../../ui/card';
import { spanText } from '../../ui/time';
import { Chart } from './chart';

const LEVELS = [
  { key: 'p50', color: '--green-mark' },
  { key: 'p95', color: '--amber-mark' },
  { key: 'p99', color: '--red-mark' },
] as const;

/** How long tasks wait, and how long they run. */
export function LatencyCharts({ stats }: { stats: Stats }) {
  return (
    <div className="overview-two">
      <Percentiles title="Time in the queue" stats={stats} of="wait_seconds" />
      <Percentiles title="Time to run" stats={stats} of="run_seconds" />
    </div>
  );
}

function Percentiles({ title, stats, of }: { title: string; stats: Stats; of: 'wait_seconds' | 'run_seconds' }) {
  const { points, totals } = stats;
  const total = totals[of];
  const lines = LEVELS.map(({ key, color }) => ({
    label: key,
    color,
    values: points.map((point: StatsPoint) => point[of]?.[key] ?? null),
  }));
  const sums = total ? LEVELS.map(({ key }) => `${key} ${spanText(total[key])}`).join(' · ') : 'nothing ran';
  return (
    <Card title={title}>
      <p className="muted small num chart-sum">{sums}</p>
      <Chart
        label={`${title}: ${sums}`}
        times={points.map(({ at }) => Date.parse(at) / 1000)}
        lines={lines}
        format={spanText}
        height={170}
      />
    </Card>
  );
}
