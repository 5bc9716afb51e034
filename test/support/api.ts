import { EventStream } from './event-stream.js';
import { send, type Answer, type Headers, type Request } from './http.js';

/** A task as the API shows it. */
export interface TaskView {
  task_id: string;
  type: string;
  title: string;
  description: string | null;
  status: 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  priority: 'low' | 'normal' | 'high';
  payload: unknown;
  metadata: unknown;
  result: unknown;
  error: { kind: string; message: string; attempt: number } | null;
  progress: { current: number; total: number | null; message: string | null } | null;
  tags: string[];
  attempt: number;
  max_attempts: number;
  failures: number;
  run_at: string;
  retry_of: string | null;
  created_at: string;
  started_at: string | null;
  updated_at: string;
  completed_at: string | null;
}

export interface Accepted {
  task_id: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: { pointer: string; detail: string }[];
}

export interface Page {
  items: TaskView[];
  next_page_token: string | null;
}

export type Body = Record<string, unknown>;

/** Talks to Taskwell as any client. With several doors (base URLs of one Taskwell) its requests take turns. */
export class Api {
  private doors: readonly string[];
  private turn = 0;
  private readonly onAnswer: ((answer: Answer) => void)[] = [];
  /** Headers of every request. */
  always: Headers = {};

  constructor(...doors: string[]) {
    this.doors = doors;
  }

  /** Goes to other doors from now on. */
  moveTo(...doors: string[]): void {
    this.doors = doors;
  }

  /** The door whose turn it is. */
  get door(): string {
    return this.doors[this.turn++ % this.doors.length]!;
  }

  /** Shows every answer from now on to `look`. */
  watch(look: (answer: Answer) => void): void {
    this.onAnswer.push(look);
  }

  async call<B = unknown>(request: Request): Promise<Answer<B>> {
    const answer = await send<B>(this.door, { ...request, headers: { ...this.always, ...request.headers } });
    for (const look of this.onAnswer) look(answer);
    return answer;
  }

  /** Opens a stream of events at the door whose turn it is; whoever watches is shown how it began. */
  async open(path: string, lastId?: string): Promise<EventStream> {
    const stream = await EventStream.open(this.door, path, lastId);
    for (const look of this.onAnswer) look(stream.beginning);
    return stream;
  }

  /** Shows whoever watches an answer that was not given to {@link call}. */
  note(answer: Answer): void {
    for (const look of this.onAnswer) look(answer);
  }

  get<B = unknown>(path: string, headers?: Headers): Promise<Answer<B>> {
    return this.call<B>({ path, headers });
  }

  post<B = unknown>(path: string, body?: Request['body'], headers?: Headers): Promise<Answer<B>> {
    return this.call<B>({ method: 'POST', path, body, headers });
  }

  submit<B = Accepted>(body: Body, headers?: Headers): Promise<Answer<B>> {
    return this.post<B>('/api/tasks', body, headers);
  }

  /** Submits and answers the id. @throws Error unless it was accepted. */
  async submitted(body: Body, headers?: Headers): Promise<string> {
    const answer = await this.submit(body, headers);
    if (answer.status !== 202) throw new Error(`Expected 202, got ${answer.status}: ${answer.text}`);
    return answer.body.task_id;
  }

  async find(id: string): Promise<TaskView> {
    const answer = await this.get<TaskView>(`/api/tasks/${id}`);
    if (answer.status !== 200) throw new Error(`Expected 200, got ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** Waits with `?wait` until the task is final. @throws Error after `withinSeconds`. */
  async untilFinal(id: string, withinSeconds = 30): Promise<TaskView> {
    const { status, body } = await this.get<TaskView>(`/api/tasks/${id}?wait=${withinSeconds}`);
    if (status === 200 && isFinal(body)) return body;
    throw new Error(`Task ${id} is not final after ${withinSeconds} s: ${status} ${JSON.stringify(body)}`);
  }

  list(query: Record<string, string | number>): Promise<Answer<Page>> {
    return this.get<Page>(`/api/tasks?${new URLSearchParams(mapValues(query)).toString()}`);
  }

  /** Reads every page of a list. */
  async listAll(query: Record<string, string | number>): Promise<TaskView[]> {
    const items: TaskView[] = [];
    let token: string | null = null;
    do {
      const page: Answer<Page> = await this.list(token === null ? query : { ...query, page_token: token });
      if (page.status !== 200) throw new Error(`Expected 200, got ${page.status}: ${page.text}`);
      items.push(...page.body.items);
      token = page.body.next_page_token;
    } while (token !== null);
    return items;
  }
}

export function isFinal({ status }: Pick<TaskView, 'status'>): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}

/** A plain task that Taskwell accepts. */
export function plainTask(given: Body = {}): Body {
  return { title: 'Sample Task', description: 'Process something', ...given };
}

/** A text.reverse task that Taskwell accepts. */
export function reverseTask(text: unknown, given: Body = {}): Body {
  return { type: 'text.reverse', payload: { text }, ...given };
}

function mapValues(query: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}
