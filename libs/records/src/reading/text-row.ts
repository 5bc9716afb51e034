import { MAX_FIELDS } from './row-sink.js';
import { FileRefused } from './file-refused.js';

/** Writes rows whose fields are texts as JSON. No object is made, so the name of a field can be any text. */
export class TextRow {
  private readonly openings: string[];

  constructor(readonly names: readonly string[]) {
    this.openings = names.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name.toWellFormed())}:`);
  }

  json(cells: readonly string[]): string {
    let json = '';
    for (let index = 0; index < cells.length; index++) json += this.openings[index]! + JSON.stringify(cells[index]);
    return `${json}}`;
  }
}

/** Names for all cells of a header: none is empty, none occurs twice. @throws FileRefused for too many. */
export function fieldNames(header: readonly string[]): string[] {
  if (header.length > MAX_FIELDS) throw new FileRefused(`The file has ${header.length} fields; at most ${MAX_FIELDS} are taken.`);
  const names = new Set<string>();
  for (const [index, cell] of header.entries()) {
    const wanted = cell.trim().slice(0, 200) || `field${index + 1}`;
    let name = wanted;
    for (let copy = 2; names.has(name); copy++) name = `${wanted}_${copy}`;
    names.add(name);
  }
  return [...names];
}
