// A thread of the pool that makes letters.
import { move } from 'piscina';
import { makeLetter, type Letter } from './letter.js';

export default async function (letter: Letter): Promise<unknown> {
  const bytes = await makeLetter(letter);
  return move(Uint8Array.from(bytes));
}
