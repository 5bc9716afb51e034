import { Counter, Gauge, Registry, collectDefaultMetrics, type Metric } from 'prom-client';
import { Distribution } from './distribution.js';

type Labels = Record<string, string>;

/** One number that only grows. Counting is an addition; it is read at a scrape. */
export interface Count {
  value: number;
}

/** A number as it is at a scrape, with its labels if there are several. */
export type Sample = { labels?: Labels; value: number };

/**
 * The metrics of this process. prom-client looks up a number by a text made of its labels each time it is counted; here who counts holds
 * the number itself, and prom-client sees it at a scrape.
 */
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A counter with labels: gives the number of each set of values, the same one for the same values. */
  counter(name: string, help: string, labelNames: readonly string[] = []): (...values: string[]) => Count {
    const counts = new Map<string, Count & { labels: Labels }>();
    new Counter<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of counts.values()) this.inc(labels, value);
      },
    });
    const countOf = (...values: string[]): Count => {
      const key = values.join('\n');
      let count = counts.get(key);
      if (!count) counts.set(key, (count = { labels: labelsOf(labelNames, values), value: 0 }));
      return count;
    };
    if (labelNames.length === 0) countOf();
    return countOf;
  }

  /** A histogram with labels: gives the distribution of each set of values. `bounds` are the upper ends of its buckets, in seconds. */
  histogram(
    name: string,
    help: string,
    labelNames: readonly string[],
    bounds: readonly number[],
  ): (...values: string[]) => Distribution {
    const distributions = new Map<string, { labels: Labels; distribution: Distribution }>();
    const get = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: [...distributions.values()].flatMap(({ labels, distribution }) => distribution.samples(name, labels)),
    });
    this.registry.registerMetric({ name, help, get, reset: () => {} } as unknown as Metric);
    return (...values) => {
      const key = values.join('\n');
      let found = distributions.get(key);
      if (!found)
        distributions.set(key, (found = { labels: labelsOf(labelNames, values), distribution: new Distribution(bounds) }));
      return found.distribution;
    };
  }

  /** A gauge that is asked at each scrape. */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    ask: () => readonly Sample[] | Promise<readonly Sample[]>,
  ): void {
    new Gauge<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      async collect() {
        const samples = await ask();
        this.reset();
        for (const { labels, value } of samples) this.set(labels ?? {}, value);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All of them in the text format of Prometheus. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }
}

function labelsOf(names: readonly string[], values: readonly string[]): Labels {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}
