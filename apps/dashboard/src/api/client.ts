import { readJson, writeJson } from './json';

export interface Violation {
  pointer: string;
  detail: string;
}

interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string;
  request_id?: string;
  errors?: Violation[];
}

/** The API refused: what it said, and where the mistakes are. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly violations: readonly Violation[];
  readonly requestId: string | undefined;
  /** In seconds, where the API said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.violations = problem.errors ?? [];
    this.requestId = problem.request_id;
    this.retryAfter = retryAfter;
  }
}

/** No answer came. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
  }
}

/** @throws Refused, Unreachable */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path + textOf(query), undefined, signal);
}

/** @throws Refused, Unreachable */
export async function send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return call<T>(method, path, body);
}

export type Query = Record<string, string | number | undefined>;

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method, headers: { accept: 'application/json' }, signal };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = writeJson(body);
  }
  const response = await fetch(path, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Unreachable(error);
  });
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text, response.headers.get('retry-after'));
  return (text === '' ? undefined : readJson(text)) as T;
}

/** What an answer that is no success means. A proxy's page is no problem document. */
export function refusal(status: number, text: string, retryAfter: string | null): Refused {
  try {
    return new Refused(JSON.parse(text) as Problem, Number(retryAfter) || undefined);
  } catch {
    return new Refused({ status, title: 'Error', detail: `The server answered ${status}.`, code: 'unknown' });
  }
}

function textOf(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
