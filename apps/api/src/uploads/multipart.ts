import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { HttpProblem, malformed, unsupportedMedia } from '../http/http-problem.js';

/** Most files of one request. */
export const MAX_FILES = 1_000;
const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 64 * 1024;
/** After a refusal, so much of the rest is still taken: a client that sends on does not listen. */
const MAX_REST_BYTES = 4 * 1024 * 1024;
const MAX_REST_MS = 2_000;

/** A multipart form whose files are kept. */
export interface KeptForm<Kept> {
  fields: Map<string, string>;
  /** In the order of the request. */
  files: Kept[];
}

/**
 * Reads a multipart form as it arrives. When anything goes wrong, `keep` is told by an error of its stream, and what it has kept
 * by then is given to `forget`.
 *
 * @throws HttpProblem for what is no form or too large; the error of `keep`.
 */
export async function readMultipart<Kept>(
  request: IncomingMessage,
  keep: (stream: AsyncIterable<Uint8Array>, filename: string, index: number) => Promise<Kept>,
  forget: (kept: Kept) => Promise<void>,
): Promise<KeptForm<Kept>> {
  const busboy = parserOf(request);
  const fields = new Map<string, string>();
  const kept: Promise<Kept>[] = [];
  const open = new Set<BusboyFileStream>();
  try {
    await new Promise<void>((resolve, reject) => {
      busboy.on('file', (_name, stream, filename) => {
        stream.on('error', () => undefined);
        open.add(stream);
        const keeping = keep(stream, filename, kept.length);
        kept.push(keeping);
        keeping.then(() => open.delete(stream), reject);
      });
      busboy.on('field', (name, value, _nameCut, valueCut) => {
        if (valueCut) reject(tooLarge(`A field of the form is longer than ${MAX_FIELD_BYTES} bytes.`));
        else if (fields.has(name)) reject(malformed('A field of the form occurs twice.', `/${name.slice(0, 100)}`));
        else fields.set(name, value);
      });
      busboy.on('filesLimit', () => reject(tooLarge(`A form may carry up to ${MAX_FILES} files.`)));
      busboy.on('fieldsLimit', () => reject(tooLarge(`A form may have up to ${MAX_FIELDS} fields.`)));
      busboy.on('partsLimit', () => reject(tooLarge('The form has too many parts.')));
      busboy.on('error', () => reject(malformed('The body is no whole multipart form.')));
      busboy.on('finish', () => resolve());
      request.on('close', () => request.complete || reject(malformed('The body ended before it was whole.')));
      request.pipe(busboy);
    });
    return { fields, files: await Promise.all(kept) };
  } catch (error) {
    request.unpipe(busboy);
    for (const stream of open) stream.destroy(error as Error);
    const outcomes = await Promise.allSettled(kept);
    await Promise.all(outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => forget(value)));
    await takeRest(request);
    throw error;
  }
}

function parserOf({ headers }: IncomingMessage): BusboyInstance {
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
    throw unsupportedMedia('Files must be sent as Content-Type: multipart/form-data.');
  }
  const limits = {
    files: MAX_FILES,
    fields: MAX_FIELDS,
    parts: MAX_FILES + MAX_FIELDS,
    fieldSize: MAX_FIELD_BYTES,
    headerPairs: 50,
  };
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits, isPartAFile: (_field, _type, name) => name !== undefined });
  } catch {
    throw malformed('The Content-Type of a multipart form must name its boundary.', '/header/content-type');
  }
}

function tooLarge(detail: string): HttpProblem {
  return new HttpProblem(413, 'body_too_large', detail);
}

/** Most clients read an answer only when they have sent everything. Not everything is waited for. */
async function takeRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, MAX_REST_MS);
    request.on('data', (chunk: Buffer) => (bytes += chunk.length) > MAX_REST_BYTES && end());
    request.once('end', end).once('close', end);
    request.resume();
  });
}
