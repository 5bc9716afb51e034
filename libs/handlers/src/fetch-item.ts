import { IsIn, IsObject, IsOptional, IsString, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { pointerStep, validate, type Violation } from '@app/tasks';
import type { EgressPolicy } from '@app/egress';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Visible characters, spaces and tabs of one line, as HTTP carries them. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;
const MAX_HEADERS = 50;

/** What the connection decides, not the client. */
const FORBIDDEN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** One request of a fetch. */
export class FetchItem {
  @JSONSchema({ description: 'What the answer is called in the result.' })
  @Matches(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { message: 'must be 1 to 200 characters, without control characters' })
  name!: string;

  @JSONSchema({ format: 'uri', description: 'An http or https URL that leads to a public address.' })
  @IsString({ message: 'must be a URL' })
  url!: string;

  @IsIn(['GET', 'POST'], { message: 'must be GET or POST' })
  method!: 'GET' | 'POST';

  @JSONSchema({
    additionalProperties: { type: 'string' },
    description: `Request headers, but for ${[...FORBIDDEN].join(', ')} and those of proxies.`,
  })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  headers?: Record<string, string>;

  @JSONSchema({ description: 'For POST only. A text is sent as it is, every other value as JSON.' })
  @IsOptional()
  body?: unknown;
}

/** Everything that is wrong with an item. @param at JSON pointer to it */
export function violationsOfItem(json: unknown, at: string, policy: EgressPolicy): Violation[] {
  const checked = validate(FetchItem, json, at);
  if ('violations' in checked) return checked.violations;
  const { url, method, headers, body } = checked.value;
  const refusal = policy.refusal(url);
  const violations = refusal === undefined ? [] : [{ pointer: `${at}/url`, detail: refusal }];
  if (method === 'GET' && body !== undefined && body !== null) {
    violations.push({ pointer: `${at}/body`, detail: 'is for POST only' });
  }
  return violations.concat(violationsOfHeaders(headers ?? {}, `${at}/headers`));
}

function violationsOfHeaders(headers: Record<string, unknown>, at: string): Violation[] {
  const entries = Object.entries(headers);
  if (entries.length > MAX_HEADERS) return [{ pointer: at, detail: `must be at most ${MAX_HEADERS} headers` }];
  return entries.flatMap(([name, value]) => {
    const detail = whatIsWrongWith(name, value);
    return detail === undefined ? [] : { pointer: at + pointerStep(name), detail };
  });
}

function whatIsWrongWith(name: string, value: unknown): string | undefined {
  const lower = name.toLowerCase();
  if (!HEADER_NAME.test(name)) return 'is not the name of a header';
  if (FORBIDDEN.has(lower) || lower.startsWith('proxy-')) return 'is a header that must not be set';
  if (typeof value !== 'string' || !HEADER_VALUE.test(value)) return 'must be a text of one line that HTTP can carry';
  return undefined;
}
