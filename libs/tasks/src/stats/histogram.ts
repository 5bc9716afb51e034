/** Bounds grow by a tenth: a percentile that is told from a histogram is at most so much too high. */
const GROWTH = 1.1;
/** The first bound, in milliseconds: shorter is all the same. */
const FIRST_MS = 1;

/** How many durations lie between which bounds, by the number of the bound. Histograms of several minutes add up. */
export type Histogram = Readonly<Record<number, number>>;

/** The number of the bucket for a duration: 0 up to 1 ms, then each a tenth longer. */
export function bucketOf(ms: number): number {
  return ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH));
}

/** The longest duration of a bucket, in milliseconds. */
export function boundOf(bucket: number): number {
  return FIRST_MS * GROWTH ** bucket;
}

export function sumOf(histograms: Iterable<Histogram>): Record<number, number> {
  const sum: Record<number, number> = {};
  for (const histogram of histograms)
    for (const [bucket, count] of Object.entries(histogram)) sum[Number(bucket)] = (sum[Number(bucket)] ?? 0) + count;
  return sum;
}

/** The duration in milliseconds within which this share (0 to 1) of all lie; null if there is none. */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = Object.entries(histogram).map(([bucket, count]) => [Number(bucket), count] as const);
  buckets.sort(([a], [b]) => a - b);
  const wanted = buckets.reduce((sum, [, count]) => sum + count, 0) * share;
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (count > 0 && seen >= wanted) return boundOf(bucket);
  }
  return null;
}
