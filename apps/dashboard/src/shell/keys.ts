import { useEffect, useRef } from 'react';

/** What each key does: `j`, `/`, `Enter`, or two in a row: `g t`. */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

const PAIR_MS = 800;

/** Listens to keys while nothing is being typed and no dialog is open. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = current.current[first === '' ? event.key : `${first} ${event.key}`];
      clearTimeout(timer);
      const isFirst = first === '' && Object.keys(current.current).some((key) => key.startsWith(`${event.key} `));
      first = isFirst ? event.key : '';
      if (isFirst) timer = setTimeout(() => (first = ''), PAIR_MS);
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener('keydown', listen);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
  );
}
