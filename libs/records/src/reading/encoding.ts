import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { FileRefused } from './file-refused.js';

const BOMS: readonly [encoding: string, bytes: readonly number[]][] = [
  ['utf-32', [0xff, 0xfe, 0x00, 0x00]],
  ['utf-32', [0x00, 0x00, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Makes characters of bytes. @throws FileRefused for an encoding that nobody knows. */
export function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new FileRefused(`The encoding "${encoding}" is not known.`);
  }
}

/**
 * The encoding of a text by its beginning: a byte order mark, else UTF-16 where every second byte is zero, else UTF-8 if that is what
 * it is, else Windows-1252.
 *
 * @throws FileRefused for bytes that are no text.
 */
export function detectEncoding(sample: Uint8Array): string {
  for (const [encoding, bytes] of BOMS) {
    if (!bytes.every((byte, index) => sample[index] === byte)) continue;
    if (encoding === 'utf-32') throw new FileRefused('The file is in UTF-32, which is not read.');
    return encoding;
  }
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2]!++;
  const half = sample.length / 2;
  if (zeros[1]! > half * 0.3 && zeros[0]! < half * 0.05) return 'utf-16le';
  if (zeros[0]! > half * 0.3 && zeros[1]! < half * 0.05) return 'utf-16be';
  if (zeros[0]! + zeros[1]! > 0) throw new FileRefused('The file is not text, and of no format that is read.');
  return isUtf8(withoutCutEnd(sample)) ? 'utf-8' : 'windows-1252';
}

/** A sample may end in the middle of a character. */
function withoutCutEnd(sample: Uint8Array): Uint8Array {
  for (let length = 1; length <= 3 && length <= sample.length; length++) {
    const byte = sample[sample.length - length]!;
    if (byte < 0x80) return sample;
    if (byte >= 0xc0) return sample.subarray(0, sample.length - length);
  }
  return sample;
}
