import type { Digest, FailureGroup } from '@app/tasks';

const number = new Intl.NumberFormat('en');

/** One line on what failed. */
export function subjectOf({ count, groups }: Digest): string {
  const types = [...new Set(groups.map(({ type }) => type))];
  const named = types.slice(0, 3).join(', ') + (types.length > 3 ? ', …' : '');
  return count === 1 ? `A task failed: ${named}` : `${number.format(count)} tasks failed: ${named}`;
}

/** The letter: counts by type and error, each with two tasks to look at. */
export function textOf({ count, firstAt, lastAt, groups }: Digest, pauseMs: number): string {
  const told = groups.reduce((sum, group) => sum + group.count, 0);
  const when = count === 1 ? `at ${firstAt.toISOString()}` : `between ${firstAt.toISOString()} and ${lastAt.toISOString()}`;
  return [
    `${count === 1 ? 'A task' : `${number.format(count)} tasks`} failed for good ${when}.`,
    '',
    ...groups.flatMap(paragraphOf),
    ...(told < count ? [`${number.format(count - told)} × other errors`, ''] : []),
    `GET /api/tasks/{task_id} shows a task, and POST /api/tasks/{task_id}/retry repeats it.`,
    `If more fail, the next mail comes in ${durationOf(pauseMs)} at the earliest.`,
    '',
  ].join('\n');
}

function paragraphOf({ type, kind, error, count, examples }: FailureGroup): string[] {
  return [
    `${number.format(count)} × ${type}, ${kind}: ${oneLine(error)}`,
    ...[...new Set(examples)].map((id) => `    ${id}`),
    '',
  ];
}

/** What a handler threw may hold anything. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function durationOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return ms < 90_000 ? `${Math.round(ms / 1_000)} seconds` : `${minutes} minutes`;
}
