/** One step of a pattern: a name, in which `*` stands for any characters, or any number of steps. */
type Step = RegExp | 'any depth';

/** A JSON pointer with wildcards, in parts. */
export type Pattern = readonly Step[];

/**
 * Reads pointers such as `/card/number`, `/items/0/token`. A step `**` stands for any number of steps, and `*` within a
 * step for any characters. The case does not count.
 */
export function readPointers(list: string): Pattern[] {
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((pointer) => pointer.split('/').slice(1).map(readStep));
}

function readStep(text: string): Step {
  if (text === '**') return 'any depth';
  const name = text.replaceAll('~1', '/').replaceAll('~0', '~');
  const source = name.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'is');
}

/** What is left of the patterns one step further down; an empty one has arrived. */
export function descend(patterns: readonly Pattern[], name: string): Pattern[] {
  const next: Pattern[] = [];
  for (const pattern of patterns) follow(pattern, name, next);
  return next;
}

function follow(pattern: Pattern, name: string, next: Pattern[]): void {
  const [step, ...rest] = pattern;
  if (step === 'any depth') {
    next.push(pattern);
    if (rest.length === 0) next.push(rest);
    else follow(rest, name, next);
  } else if (step?.test(name)) next.push(rest);
}
