/** Controls, marks that turn the direction of text around, and other characters that cannot be seen. */
// eslint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** The text with what would hide or turn it around written out. */
export function visibleText(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
