import { EXIT, Stop } from './exit.js';

/** Longer than the longest `?wait=`. */
const TIMEOUT_MS = 60_000;

export interface TaskView {
  task_id: string;
  type: string;
  title: string;
  status: 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  progress: { current: number; total: number | null; message: string | null } | null;
  error: { kind: string; message: string } | null;
  result: unknown;
  attempt: number;
  created_at: string;
}

export interface Page<T> {
  items: T[];
  next_page_token: string | null;
}

/** Talks to the API at TASKWELL_URL with the key in TASKWELL_API_KEY. */
export class Client {
  private readonly base: string;

  constructor(private readonly env: NodeJS.ProcessEnv) {
    this.base = (env.TASKWELL_URL || 'http://localhost:8000').replace(/\/+$/, '');
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.call('POST', path, body, headers);
  }

  /** @throws Stop when the API cannot be reached, or refuses. */
  private async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const key = this.env.TASKWELL_API_KEY;
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...headers,
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: Error) => {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      throw new Stop(
        EXIT.unreachable,
        `No answer from ${this.base} (${cause?.code ?? error.message}). Is it running? TASKWELL_URL names another one.`,
      );
    });
    const text = await response.text();
    if (response.ok) return jsonOf(text) as T;
    throw new Stop(response.status >= 500 ? EXIT.unreachable : EXIT.refused, refusal(response.status, jsonOf(text)));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, problem: unknown): string {
  const { detail, errors = [] } = (problem ?? {}) as { detail?: string; errors?: { pointer: string; detail: string }[] };
  return [`${status}: ${detail ?? 'refused'}`, ...errors.map((one) => `  ${one.pointer} ${one.detail}`)].join('\n');
}
