const PLACE = /^[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*$/;

/** Where content is written to before it is whole. */
export const UNFINISHED = 'unfinished';

/** @throws TypeError for what is not made of plain path segments. */
export function checkPlace(place: string): void {
  if (!PLACE.test(place)) throw new TypeError(`"${place}" cannot be the place of a file.`);
}
