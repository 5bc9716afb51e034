import { figure, median, table } from './table.mjs';

const BASE = 'bullmq';

const COLUMNS = [
  { head: 'accept/s', of: ({ accept }) => accept?.rate },
  { head: 'p50', of: ({ accept }) => accept?.p50, digits: 1 },
  { head: 'p99', of: ({ accept }) => accept?.p99, digits: 1 },
  { head: 'accept/s while working', of: ({ working }) => working?.rate },
  { head: 'p50', of: ({ working }) => working?.p50, digits: 1 },
  { head: 'p99', of: ({ working }) => working?.p99, digits: 1 },
  { head: 'drain/s', of: ({ drain }) => drain },
  { head: 'submit to done p50', of: ({ latency }) => latency?.p50, digits: 1 },
  { head: 'p99', of: ({ latency }) => latency?.p99, digits: 1 },
];
const RATIOS = [
  { head: 'accept', of: ({ accept }) => accept?.rate },
  { head: 'accept while working', of: ({ working }) => working?.rate },
  { head: 'drain', of: ({ drain }) => drain },
];

/** The medians of all rounds as a table; the same in relation to BullMQ, if it was measured; and what each system keeps on disk. */
export function report(results) {
  const systems = [...new Set(results.map(({ name }) => name))].map((name) => {
    const rounds = results.filter((result) => result.name === name);
    return { name, title: rounds[0].title, durability: rounds[0].durability, middle: (of) => median(rounds.map(of)) };
  });
  const cells = ({ middle }, { of, digits }) => figure(middle(of), digits);
  const rows = systems.map((system) => [system.title, ...COLUMNS.map((column) => cells(system, column))]);
  const parts = [table(['system', ...COLUMNS.map(({ head }) => head)], rows)];

  const base = systems.find(({ name }) => name === BASE);
  if (base && systems.length > 1) {
    const ratios = systems.map((system) => [
      system.title,
      ...RATIOS.map(({ of }) => figure(system.middle(of) / base.middle(of), 2)),
    ]);
    parts.push(table([`ratio to ${base.title}`, ...RATIOS.map(({ head }) => head)], ratios));
  }
  parts.push(
    table(
      ['system', 'on disk'],
      systems.map(({ title, durability }) => [title, durability]),
    ),
  );
  return parts.join('\n\n');
}
