import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A case of `test/data/bad-uploads.json`. */
export interface BadUpload {
  id: string;
  name: string;
  input: string;
  expect: string;
  why: string;
}

/** What becomes of one case: a refusal of the request, or what its import comes to. */
export interface Expected {
  /** The status of the upload; 202 unless given. */
  status?: number;
  /** Of the task. */
  ends?: 'COMPLETED' | 'FAILED';
  /** What the reason of the failure says. */
  says?: string;
  /** What the file is called afterwards. */
  shown?: string;
  rows?: unknown[];
  /** The lines of the rows that cannot be taken. */
  badLines?: number[];
}

/** A request that a case stands for. Without a body, the file is sent as a form sends it. */
export interface Sent {
  file?: { name: string; content: Uint8Array };
  headers?: Record<string, string>;
  body?: Uint8Array;
}

const text = (content: string) => Buffer.from(content);
const file = (content: Uint8Array, name = 'file.csv'): Sent => ({ file: { name, content } });
const named = (name: string) => file(text('a\n'), name);

const part = (headers: string, content: string) => `--b\r\n${headers}\r\n\r\n${content}\r\n`;
const manyFields = Array.from({ length: 10_001 }, (_, index) => part(`Content-Disposition: form-data; name="f${index}"`, 'x'));

/** A bomb of a table: 10 MB that become 2 GB and more would take too long to make; the ratio is the same. */
const bomb = gzipSync(Buffer.alloc(100_000_000, '0'));

/** Local file headers as archives have them; a reader of archives would go on from there. */
const archive = (name: string) => Buffer.concat([text('PK\x03\x04\x14\x00\x00\x00'), Buffer.alloc(22), text(name)]);

const doctype = (subset: string, use: string) => text(`<?xml version="1.0"?><!DOCTYPE r [${subset}]><r><a>${use}</a><a/></r>`);
const NO_DOCTYPE = { ends: 'FAILED', says: 'DOCTYPE' } as const;

/** How each case is sent, and what must happen, by its id. */
export const BAD_UPLOADS: Readonly<Record<string, Sent & Expected>> = {
  B148: { ...file(Buffer.alloc(0)), ends: 'COMPLETED', rows: [] },
  B151: { body: text(`${manyFields.join('')}--b--\r\n`), headers: form('b'), status: 413 },
  B154: { body: text('x'), headers: { 'content-type': 'multipart/form-data' }, status: 400 },
  B157: { ...named('../../etc/passwd'), shown: 'passwd' },
  B160: { ...named('/etc/passwd'), shown: 'passwd' },
  B163: { ...named('x'.repeat(5_000)), shown: 'x'.repeat(255) },
  B166: { ...named('abc\u202evsc.exe'), shown: 'abcvsc.exe' },
  B169: { ...file(text('GIF89a/*...*/=1;alert(1)')), ends: 'FAILED', says: 'a GIF image' },
  B172: { ...file(archive('link')), ends: 'FAILED', says: 'a ZIP archive' },
  B175: { ...file(archive('nested.zip')), ends: 'FAILED', says: 'a ZIP archive' },
  B178: { ...file(bomb), ends: 'FAILED', says: 'more than 200 times its size' },
  B181: { ...file(archive('xl/worksheets/sheet1.xml')), ends: 'FAILED', says: 'a ZIP archive' },
  B184: { ...file(text('a,b\n1,"abc\n2,x\n')), ends: 'COMPLETED', badLines: [2], rows: [{ a: '2', b: 'x' }] },
  B187: { ...file(Buffer.from('\ufeffa,b\nÄ,2\n', 'utf16le')), ends: 'COMPLETED', rows: [{ a: 'Ä', b: '2' }] },
  B190: {
    ...file(text('a,b\r1,2\n3,4\r\n5,6')),
    ends: 'COMPLETED',
    rows: [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
      { a: '5', b: '6' },
    ],
  },
  B193: { ...file(text('__proto__,x\n1,2\n')), ends: 'COMPLETED', rows: [JSON.parse('{"__proto__":"1","x":"2"}')] },
  B196: { ...file(text("a,b\n+cmd|' /C calc'!A0,x\n")), ends: 'COMPLETED', rows: [{ a: "+cmd|' /C calc'!A0", b: 'x' }] },
  B199: { ...file(text('a,b\n\t=1+1,x\n')), ends: 'COMPLETED', rows: [{ a: '\t=1+1', b: 'x' }] },
  B202: { ...file(text('a,b\n"=1+1",x\n')), ends: 'COMPLETED', rows: [{ a: '=1+1', b: 'x' }] },
  B205: { ...file(doctype('<!ENTITY e SYSTEM "http://127.0.0.1/">', '&e;')), ...NO_DOCTYPE },
  B208: { ...file(doctype(`<!ENTITY e "${'x'.repeat(100_000)}">`, '&e;'.repeat(10_000))), ...NO_DOCTYPE },
  B211: { ...file(text('<?xml version="1.0" encoding="utf-7"?><r>+ADw-a+AD4-</r>')), ends: 'FAILED', says: 'utf-7' },
  B214: { ...file(Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(500)])), ends: 'FAILED', says: 'JPEG' },
  // One byte and no more: the rest never comes.
  B217: { body: text('-'), headers: { ...form('b'), 'content-length': '100000' }, status: 408 },
};

function form(boundary: string): Record<string, string> {
  return { 'content-type': `multipart/form-data; boundary=${boundary}` };
}

/** All cases of the corpus. @throws Error for one that nobody knows how to send */
export function badUploads(): (BadUpload & Sent & Expected)[] {
  const path = new URL('../data/bad-uploads.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: BadUpload[] };
  return cases.map((one) => {
    const sent = BAD_UPLOADS[one.id];
    if (!sent) throw new Error(`Nobody knows how to send the case ${one.id} (${one.name}).`);
    return { ...one, ...sent };
  });
}
