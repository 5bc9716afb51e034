import { describe, expect, it } from '@jest/globals';
import { attachment } from './content-disposition.js';

describe('attachment', () => {
  it.each([
    ['welcome.pdf', `attachment; filename="welcome.pdf"; filename*=UTF-8''welcome.pdf`],
    ['a "b\\c".txt', `attachment; filename="a _b_c_.txt"; filename*=UTF-8''a%20%22b%5Cc%22.txt`],
    ['Übersicht 100%.pdf', `attachment; filename="_bersicht 100_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20100%25.pdf`],
    ["it's (1)*.txt", `attachment; filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`],
  ])('names %s', (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});
