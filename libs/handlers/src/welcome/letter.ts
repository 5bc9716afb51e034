import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { openSync, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { LETTER_TEXTS, type Language } from './letter-texts.js';

/** What is written into a letter. */
export interface Letter {
  name: string;
  email: string;
  company?: string;
  language: Language;
  /** The date on the letter, in milliseconds. The same letter has the same bytes. */
  dateMs: number;
}

const PAGE = { width: 595.28, height: 841.89, margin: 60 };
const WIDTH = PAGE.width - 2 * PAGE.margin;
const BAND_HEIGHT = 262;
const INK = '#1d2733';
const SOFT_INK = '#52606d';
const FAINT = '#d9e2e0';
const ACCENT = '#1f6f5c';
const TINT = '#eef6f2';
const GOLD = '#f0b84c';

const { resolve } = createRequire(import.meta.url);
const FONTS = {
  regular: resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  bold: resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf'),
};

const glyphs = openSync(FONTS.bold) as Font;

type Document = PDFKit.PDFDocument;

/** A welcome letter of one page, as PDF. Names that the font cannot write are left out of it. */
export async function makeLetter(letter: Letter): Promise<Uint8Array> {
  const texts = LETTER_TEXTS[letter.language];
  const date = new Date(letter.dateMs);
  const document: Document = new PDFDocument({
    size: 'A4',
    margin: 0,
    lang: letter.language,
    displayTitle: true,
    info: {
      Title: texts.subject(letter.company),
      ...(letter.company && { Author: letter.company }),
      CreationDate: date,
      ModDate: date,
    },
  });
  const whole = buffer(document);
  document.registerFont('regular', FONTS.regular).registerFont('bold', FONTS.bold);
  const writable = (text: string | undefined) =>
    text !== undefined && canWrite(text.normalize('NFC')) ? text.normalize('NFC') : undefined;
  const [name, company] = [writable(letter.name), writable(letter.company)];

  band(document, texts.headline(name), texts.lead(company), company);
  let y = BAND_HEIGHT + 38;
  document.font('regular').fontSize(11.5).fillColor(INK);
  document.text(texts.intro, PAGE.margin, y, { width: WIDTH, lineGap: 4.5 });
  y = document.y + 26;
  document.font('bold').fontSize(15).fillColor(INK).text(texts.stepsTitle, PAGE.margin, y, { width: WIDTH });
  y = document.y + 16;
  for (const [index, { title, text }] of texts.steps.entries()) y = step(document, index + 1, title, text(letter.email), y);
  y = help(document, texts.helpTitle, texts.help, y + 10);
  document
    .font('regular')
    .fontSize(11.5)
    .fillColor(INK)
    .text(texts.closing, PAGE.margin, y + 26, { width: WIDTH });
  document.font('bold').text(texts.team(company), PAGE.margin, document.y + 5, { width: WIDTH, ...lines(document, 1) });
  foot(document, new Intl.DateTimeFormat(letter.language, { dateStyle: 'long', timeZone: 'UTC' }).format(date), company);

  document.end();
  return whole;
}

/** The coloured head of the page with its headline. */
function band(document: Document, headline: string, lead: string, company?: string): void {
  const gradient = document.linearGradient(0, 0, PAGE.width, BAND_HEIGHT).stop(0, '#0f3d3e').stop(1, '#2a8a6e');
  document.save().rect(0, 0, PAGE.width, BAND_HEIGHT).clip();
  document.rect(0, 0, PAGE.width, BAND_HEIGHT).fill(gradient);
  for (const radius of [210, 160, 110])
    document
      .circle(PAGE.width - 30, 18, radius)
      .fillOpacity(0.06)
      .fill('#ffffff');
  document
    .circle(PAGE.width - 104, 84, 13)
    .fillOpacity(1)
    .fill(GOLD);
  document.restore();

  document.fillColor('#ffffff').fillOpacity(0.85).font('bold').fontSize(11);
  if (company) document.text(company, PAGE.margin, 52, { width: 330, characterSpacing: 0.6, ...lines(document, 1) });

  document.fillOpacity(0.92).font('regular').fontSize(13.5);
  const leadBox = { width: WIDTH - 40, lineGap: 3, ...lines(document, 2, 3) };
  const leadTop = BAND_HEIGHT - 40 - Math.min(document.heightOfString(lead, leadBox), leadBox.height);
  document.text(lead, PAGE.margin, leadTop, leadBox);

  document.fillOpacity(1).font('bold');
  const text = fitted(document, headline);
  const box = { width: WIDTH, lineGap: 2, ...lines(document, 3, 2) };
  document.text(text, PAGE.margin, leadTop - 10 - Math.min(document.heightOfString(text, box), box.height), box);
}

/** One numbered step; answers where the next one begins. */
function step(document: Document, number: number, title: string, text: string, y: number): number {
  const x = PAGE.margin + 48;
  document.circle(PAGE.margin + 16, y + 16, 16).fill(TINT);
  document.font('bold').fontSize(13).fillColor(ACCENT);
  document.text(String(number), PAGE.margin, y + 8.5, { width: 32, align: 'center' });
  document
    .font('bold')
    .fontSize(12)
    .fillColor(INK)
    .text(title, x, y, { width: WIDTH - 48 });
  document.font('regular').fontSize(10.5).fillColor(SOFT_INK);
  document.text(text, x, document.y + 3, { width: WIDTH - 48 - 30, lineGap: 3, ...lines(document, 3, 3) });
  return Math.max(document.y, y + 34) + 16;
}

/** The box that says whom to ask; answers where it ends. */
function help(document: Document, title: string, text: string, y: number): number {
  const inner = WIDTH - 48;
  document.font('regular').fontSize(10.5);
  const height = 46 + document.heightOfString(text, { width: inner, lineGap: 3 });
  document.roundedRect(PAGE.margin, y, WIDTH, height, 10).fill(TINT);
  document.roundedRect(PAGE.margin, y + 14, 4, height - 28, 2).fill(GOLD);
  document
    .font('bold')
    .fontSize(12)
    .fillColor(ACCENT)
    .text(title, PAGE.margin + 24, y + 15, { width: inner });
  document
    .font('regular')
    .fontSize(10.5)
    .fillColor(INK)
    .text(text, PAGE.margin + 24, y + 34, { width: inner, lineGap: 3 });
  return y + height;
}

function foot(document: Document, date: string, company?: string): void {
  const y = PAGE.height - 52;
  document
    .moveTo(PAGE.margin, y)
    .lineTo(PAGE.width - PAGE.margin, y)
    .lineWidth(0.7)
    .stroke(FAINT);
  document.font('regular').fontSize(8.5).fillColor(SOFT_INK);
  document.text(date, PAGE.margin, y + 12, { width: WIDTH, align: 'left' });
  if (company) document.text(company, PAGE.width / 2, y + 12, { width: WIDTH / 2, align: 'right', ...lines(document, 1) });
}

/** Sets the largest size in which no line is too long, on one line if possible, and answers the text as it is to be broken. */
function fitted(document: Document, headline: string): string {
  const fits = (line: string, size: number) => document.fontSize(size).widthOfString(line) <= WIDTH - 12;
  const oneLine = headline.replace('\n', ' ');
  for (let size = 38; size >= 30; size -= 2) if (fits(oneLine, size)) return oneLine;
  for (let size = 38; size > 22; size -= 2) if (headline.split('\n').every((line) => fits(line, size))) return headline;
  document.fontSize(22);
  return oneLine;
}

/** Ends a text after so many lines of the current font. */
function lines(document: Document, count: number, lineGap = 0) {
  return { height: count * (document.currentLineHeight(true) + lineGap) + 1, ellipsis: true };
}

function canWrite(text: string): boolean {
  return [...text].every((character) => glyphs.hasGlyphForCodePoint(character.codePointAt(0)!));
}
