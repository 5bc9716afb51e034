const MAX_LENGTH = 255;

/**
 * A client's name of a file, to be shown to people and for nothing else: its last part, without control characters and marks that turn
 * the direction of text around, cut to 255 characters.
 */
export function displayName(given: string | undefined): string {
  const last = (given ?? '').toWellFormed().split(/[/\\]/).at(-1)!;
  const clean = last.replaceAll(/[\p{Cc}\p{Cf}\ufffd]/gu, '').trim();
  const short = cutTo(clean, MAX_LENGTH);
  return short === '' || /^\.+$/.test(short) ? 'file' : short;
}

/** The beginning of a text, so many characters at most, none of them cut in two. */
export function cutTo(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
