/** How many values fell under each bound, and their sum. */
export class Distribution {
  private readonly counts: number[];
  private count = 0;
  private sum = 0;

  /** @param bounds the upper ends of the buckets, ascending. */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }

  add(value: number): void {
    this.count++;
    this.sum += value;
    for (let index = 0; index < this.bounds.length; index++) {
      if (value > this.bounds[index]!) continue;
      this.counts[index]!++;
      return;
    }
  }

  /** As Prometheus counts them: each bucket with all that lie below it. */
  samples(name: string, labels: Record<string, string>): { metricName: string; labels: Record<string, string>; value: number }[] {
    let below = 0;
    const buckets = this.bounds.map((bound, index) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      value: (below += this.counts[index]!),
    }));
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: this.count },
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: this.count },
    ];
  }
}
