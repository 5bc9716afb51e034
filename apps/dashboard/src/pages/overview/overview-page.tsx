import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { get } from '../../api/client';
import type { Range, Stats, StatsNow } from '../../api/service-types';
import { Page } from '../../shell/page';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loaded';
import { Segments } from '../../ui/segments';
import { FailuresCard } from './failures-card';
import { LatencyCharts } from './latency-charts';
import { Numbers } from './numbers';
import { ThroughputChart } from './throughput-chart';
import { TypesCard } from './types-card';
import './overview.css';

const RANGES = [
  { value: '1h', label: '1 hour' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
] as const;
const ASK_MS: Record<Range, number> = { '1h': 3_000, '24h': 15_000, '7d': 60_000 };
const NOW_MS = 2_000;

/** How the service is doing. */
export default function OverviewPage() {
  const [params, setParams] = useSearchParams();
  const range = RANGES.find(({ value }) => value === params.get('range'))?.value ?? '1h';
  const now = useQuery({
    queryKey: ['stats', 'now'],
    queryFn: ({ signal }) => get<StatsNow>('/api/stats/now', {}, signal),
    refetchInterval: NOW_MS,
  });
  const stats = useQuery({
    queryKey: ['stats', range],
    queryFn: ({ signal }) => get<Stats>('/api/stats', { range }, signal),
    refetchInterval: ASK_MS[range],
    placeholderData: (before) => before,
  });
  return (
    <Page
      title="Overview"
      actions={
        <Segments
          label="Range"
          options={RANGES}
          value={range}
          onChange={(chosen) => setParams(chosen === '1h' ? {} : { range: chosen }, { replace: true })}
        />
      }
    >
      <div className="stack overview">
        <Loaded query={now} lines={2}>
          {(counts) => <Numbers now={counts} />}
        </Loaded>
        <Card title="Throughput">
          <Loaded query={stats}>{(shown) => <ThroughputChart stats={shown} />}</Loaded>
        </Card>
        <Loaded query={stats}>{(shown) => <LatencyCharts stats={shown} />}</Loaded>
        {now.data && (
          <div className="overview-two">
            <TypesCard types={now.data.by_type} cap={now.data.capped_at} />
            <FailuresCard failures={now.data.failures} />
          </div>
        )}
      </div>
    </Page>
  );
}
