const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function countText(count: number): string {
  return WHOLE.format(count);
}

export function shortCount(count: number): string {
  return count < 10_000 ? WHOLE.format(count) : SHORT.format(count);
}

/** A count that was counted up to `cap`. */
export function cappedCount(count: number, cap: number): string {
  return count >= cap ? `${shortCount(cap)}+` : shortCount(count);
}

export function bytesText(bytes: number): string {
  const step = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), STEPS.length - 1);
  const size = bytes / 1000 ** step;
  return `${step === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${STEPS[step]}`;
}

/** `1 task`, `2 tasks`. */
export function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}
