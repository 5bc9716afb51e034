import type { Stats } from '../../api/service-types';
import { countText, shortCount } from '../../ui/numbers';
import { Chart } from './chart';

/** Tasks a minute: what came, and how it ended. */
export function ThroughputChart({ stats: { points, step_seconds, totals } }: { stats: Stats }) {
  const times = points.map(({ at }) => Date.parse(at) / 1000);
  const perMinute = (count: number) => (count * 60) / step_seconds;
  const lines = [
    { label: 'Submitted', color: '--grey-mark', values: points.map(({ submitted }) => perMinute(submitted)) },
    { label: 'Completed', color: '--green-mark', values: points.map(({ completed }) => perMinute(completed)), fill: true },
    { label: 'Failed', color: '--red-mark', values: points.map(({ failed }) => perMinute(failed)), fill: true },
  ];
  const sums = `${countText(totals.submitted)} submitted, ${countText(totals.completed)} completed, ${countText(totals.failed)} failed`;
  return (
    <>
      <p className="muted small num chart-sum">{sums}; tasks a minute</p>
      <Chart
        label={`Throughput: ${sums}`}
        times={times}
        lines={lines}
        format={(value) => shortCount(Math.round(value * 10) / 10)}
        height={220}
      />
    </>
  );
}
