import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The names of the ten fields. */
export const FIELDS = ['id', 'first', 'last', 'email', 'town', 'zip', 'amount', 'day', 'active', 'note'];
const CHUNK = 64 * 1024;

/** Writes a CSV with a header and `count` rows of some 95 bytes, one field of each in quotes. */
export async function writeTable(path, count) {
  await pipeline(Readable.from(csv(count)), createWriteStream(path));
}

function* csv(count) {
  yield `${FIELDS.join(',')}\n`;
  let text = '';
  for (let n = 1; n <= count; n++) {
    text += `${n},First${n % 97},Last${n % 89},user${n}@example.com,Town ${n % 50},${10_000 + (n % 90_000)},${n / 4},2026-01-${10 + (n % 20)},${n % 2 === 0},"note, ${n}"\n`;
    if (text.length < CHUNK && n < count) continue;
    yield text;
    text = '';
  }
}
