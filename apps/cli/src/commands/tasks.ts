import type { Page, TaskView } from '../client.js';
import { idOf, type Command, type Invocation } from '../command.js';
import { EXIT, usage } from '../exit.js';
import { taskText } from '../output.js';
import { watchTask } from './watch.js';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

export const submit: Command = {
  usage: 'submit TYPE [PAYLOAD] | submit --title T --description D',
  summary: 'Hand over a task; PAYLOAD is JSON. --watch waits for its end.',
  options: {
    title: text,
    description: text,
    priority: text,
    'delay-seconds': text,
    'callback-url': text,
    'idempotency-key': text,
    tag: { type: 'string', multiple: true },
    watch: flag,
  },
  async run(invocation) {
    const { client, output, words, values } = invocation;
    const key = values['idempotency-key'] as string | undefined;
    const accepted = await client.post<{ task_id: string }>(
      '/api/tasks',
      submissionOf(invocation),
      key ? { 'idempotency-key': key } : {},
    );
    if (words.length > 2) throw usage('submit takes a type and a payload.');
    if (values.watch) return watchTask(invocation, accepted.task_id);
    output.say(accepted, accepted.task_id);
    return EXIT.ok;
  },
};

export const get: Command = {
  usage: 'get TASK_ID',
  summary: 'Show a task.',
  async run(invocation) {
    const task = await invocation.client.get<TaskView>(`/api/tasks/${idOf(invocation)}`);
    invocation.output.say(task, taskText(task));
    return EXIT.ok;
  },
};

export const list: Command = {
  usage: 'list [--status S] [--type T] [--tag T] [--q TEXT] [--limit N]',
  summary: 'List tasks, newest first.',
  options: { status: text, type: text, tag: text, q: text, limit: text },
  async run({ client, output, values }) {
    const { limit = '20', ...filter } = values as Record<string, string>;
    const wanted = ['status', 'type', 'tag', 'q'].flatMap((name) => (filter[name] === undefined ? [] : [[name, filter[name]]]));
    const query = new URLSearchParams([['page_size', limit], ...(wanted as [string, string][])]);
    const page = await client.get<Page<TaskView>>(`/api/tasks?${query.toString()}`);
    output.table(page, [
      ['TASK', 'STATUS', 'TYPE', 'CREATED', 'TITLE'],
      ...page.items.map((task) => [task.task_id, task.status, task.type, task.created_at, task.title]),
    ]);
    return EXIT.ok;
  },
};

export const logs: Command = {
  usage: 'logs TASK_ID',
  summary: 'Show the log of a task.',
  async run(invocation) {
    type Line = { attempt: number; level: string; at: string; message: string };
    let token: string | null = null;
    do {
      const query: string = token === null ? '' : `?page_token=${encodeURIComponent(token)}`;
      const page: Page<Line> = await invocation.client.get(`/api/tasks/${idOf(invocation)}/logs${query}`);
      for (const line of page.items) invocation.output.say(line, `${line.at} ${line.attempt} ${line.level} ${line.message}`);
      token = page.next_page_token;
    } while (token !== null);
    return EXIT.ok;
  },
};

export const cancel: Command = {
  usage: 'cancel TASK_ID',
  summary: 'Call a task off.',
  async run(invocation) {
    const task = await invocation.client.post<TaskView>(`/api/tasks/${idOf(invocation)}/cancel`);
    invocation.output.say(task, `${task.task_id}  ${task.status}`);
    return EXIT.ok;
  },
};

export const retry: Command = {
  usage: 'retry TASK_ID',
  summary: 'Submit a task that has ended once more.',
  async run(invocation) {
    const accepted = await invocation.client.post<{ task_id: string }>(`/api/tasks/${idOf(invocation)}/retry`);
    invocation.output.say(accepted, accepted.task_id);
    return EXIT.ok;
  },
};

export const stats: Command = {
  usage: 'stats',
  summary: 'Show how many tasks there are, by type and status.',
  async run({ client, output }) {
    type Counts = { type: string } & Record<TaskView['status'], number>;
    const now = await client.get<{ by_type: Counts[] }>('/api/stats/now');
    const statuses = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
    const rows = now.by_type.map((counts) => [counts.type, ...statuses.map((status) => String(counts[status]))]);
    output.table({ ...now, items: now.by_type }, [['TYPE', ...statuses], ...rows]);
    return EXIT.ok;
  },
};

function submissionOf({ words: [type, payload], values }: Invocation): object {
  const given: Record<string, unknown> = {
    type,
    title: values.title,
    description: values.description,
    priority: values.priority,
  };
  if (payload !== undefined) given.payload = parsed(payload);
  if (values['delay-seconds'] !== undefined) given.delay_seconds = Number(values['delay-seconds']);
  if (values['callback-url'] !== undefined) given.callback_url = values['callback-url'];
  if (values.tag !== undefined) given.tags = values.tag;
  return given;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw usage(`The payload is not JSON: ${(error as Error).message}.`);
  }
}
