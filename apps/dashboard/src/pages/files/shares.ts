/** How much of each file is sent, as the files go one after the other. @returns from 0 to 1 for each */
export function sharesOf(sizes: readonly number[], sent: number): number[] {
  let before = 0;
  return sizes.map((size) => {
    const share = size === 0 ? Number(sent >= before) : Math.min(Math.max((sent - before) / size, 0), 1);
    before += size;
    return share;
  });
}
