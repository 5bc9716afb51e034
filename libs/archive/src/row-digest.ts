import { hash } from 'node:crypto';
import type { ArchiveRow, Cell } from './tables.js';

/** Names a row that was archived, and what it was like. */
export interface RowKey {
  key: string;
  digest: string;
  /** About how many bytes the row has. */
  size: number;
}

/** A row that has changed since has another one. */
export function digestOf(cells: readonly Cell[]): string {
  return hash('sha256', JSON.stringify(cells), 'base64').slice(0, 22);
}

export function rowKey({ key, cells }: ArchiveRow): RowKey {
  return { key, digest: digestOf(cells), size: sizeOf(cells) };
}

/** About how many bytes a row has. */
export function sizeOf(cells: readonly Cell[]): number {
  let size = 0;
  for (const cell of cells) size += typeof cell === 'string' ? cell.length : 8;
  return size;
}
