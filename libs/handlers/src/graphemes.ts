const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** UTF-16 units that the segmenter sees at once. Each step costs it time in proportion to the whole text: 100,000 take it half a minute. */
const WINDOW = 512;

/** The user-perceived characters of a text, in its order. */
export function* graphemes(text: string): Generator<string> {
  for (let start = 0, size = WINDOW; start < text.length;) {
    const end = wholeEnd(text, start + size);
    const found = Array.from(segmenter.segment(text.slice(start, end)), ({ segment }) => segment);
    // The last one may go on behind the window.
    if (end < text.length) found.pop();
    for (const grapheme of found) {
      yield grapheme;
      start += grapheme.length;
    }
    size = found.length > 0 ? WINDOW : size * 2;
  }
}

/** An end that parts no surrogate pair. */
function wholeEnd(text: string, end: number): number {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end;
}
