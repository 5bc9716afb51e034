/** The middle value; of an even number, the upper of the two in the middle. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

/** A number for people: thousands are grouped; undefined is a dash. */
export function figure(value, digits = 0) {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Rows of cells as a Markdown table. Cells that begin with a digit or a dash are numbers and stand to the right. */
export function table(head, rows) {
  const right = head.map((_cell, column) => rows.every((row) => /^[\d–]/.test(row[column])));
  const widths = head.map((cell, column) => Math.max(4, ...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, n) => (right[n] ? cell.padStart(widths[n]) : cell.padEnd(widths[n]))).join(' | ')} |`;
  const rule = widths.map((width, n) => (right[n] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}
