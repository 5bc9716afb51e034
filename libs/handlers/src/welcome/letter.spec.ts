import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { makeLetter, type Letter } from './letter.js';
import { LANGUAGES } from './letter-texts.js';

const letter = (differences: Partial<Letter> = {}): Letter => ({
  name: 'Zoë Nguyễn Thị Ánh',
  email: 'zoe@example.com',
  company: 'Acme Studio',
  language: 'en',
  dateMs: Date.UTC(2026, 10, 24),
  ...differences,
});

/** Opens a letter as a reader of PDFs would. */
async function opened(bytes: Uint8Array): Promise<PDFDocument> {
  return PDFDocument.load(bytes, { updateMetadata: false });
}

describe('makeLetter', () => {
  it.each(LANGUAGES)('makes one page of A4 in %s', async (language) => {
    const document = await opened(await makeLetter(letter({ language })));
    const [page] = document.getPages();

    expect(document.getPageCount()).toBe(1);
    expect(page!.getSize()).toEqual({ width: 595.28, height: 841.89 });
    expect(document.getTitle()).toContain('Acme Studio');
  });

  it('makes the same bytes of the same letter, and others of another one', async () => {
    const [first, again, other] = [
      await makeLetter(letter()),
      await makeLetter(letter()),
      await makeLetter(letter({ name: 'Somebody Else' })),
    ];

    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other)).not.toBe(0);
  });

  it.each([
    ['Greek', 'Ελένη Παπαδοπούλου'],
    ['Cyrillic', 'Дмитрий Достоевский'],
    ['Polish', 'Przemysław Brzęczyszczykiewicz-Łukaszewski'],
    ['Vietnamese', 'Nguyễn Thị Ánh'],
    ['Turkish', 'İrem Çağlayangil Şahin'],
    ['letters and accents apart', 'Zoe\u0308'],
  ])('writes a name in %s', async (_script, name) => {
    const bytes = await makeLetter(letter({ name }));

    expect(Buffer.compare(bytes, await makeLetter(letter({ name: '山' })))).not.toBe(0);
  });

  it('leaves out what its font cannot write, rather than write empty boxes', async () => {
    expect(Buffer.compare(await makeLetter(letter({ name: '山田太郎' })), await makeLetter(letter({ name: '佐藤花子' })))).toBe(
      0,
    );
  });

  it.each([
    [
      'very long names',
      letter({ name: 'M'.repeat(100), company: 'W'.repeat(100), email: `${'a'.repeat(64)}@${'b'.repeat(60)}.example` }),
    ],
    ['no company', letter({ company: undefined })],
    ['marks that mean something elsewhere', letter({ name: '<b>(\\) %PDF endstream' })],
  ])('stays one page with %s', async (_name, odd) => {
    expect((await opened(await makeLetter(odd))).getPageCount()).toBe(1);
  });
});
