import type { Violation } from '../api/client';

/** `reply_to` as "Reply to". */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}

/** What is wrong at a place. @param within also with what is inside it */
export function mistakeAt(violations: readonly Violation[], at: string, within: boolean): string | undefined {
  const here = violations.filter(({ pointer }) => pointer === at || (within && pointer.startsWith(`${at}/`)));
  return here.length === 0 ? undefined : here.map(({ detail }) => detail).join('; ');
}
