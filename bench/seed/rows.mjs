/** The columns of `tasks` that {@link rows} fills; instants are in milliseconds since 1970. */
export const COLUMNS = [
  ...[
    'id',
    'type',
    'title',
    'description',
    'status',
    'priority',
    'payload',
    'metadata',
    'result',
    'tags',
    'attempt',
    'max_attempts',
  ],
  ...['worker_id', 'run_at', 'announce_at', 'created_at', 'started_at', 'updated_at', 'completed_at'],
];
export const INSTANTS = ['run_at', 'announce_at', 'created_at', 'started_at', 'updated_at', 'completed_at'];

const DAY_MS = 86_400_000;
const TYPES = [
  'plain',
  'plain',
  'plain',
  'plain',
  'plain',
  'plain',
  'text.reverse',
  'text.reverse',
  'text.reverse',
  'report.render',
];
const PRIORITIES = [...Array(8).fill('normal'), 'low', 'high'];
const CUSTOMERS = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark', 'wayne', 'wonka', 'tyrell', 'cyberdyne'];

/** The tag that one row in twenty has. */
export const TAG = 'customer:acme';

const SPAN_MS = 30 * DAY_MS;
/** The newest row is so old: newer ids are those of tasks that were submitted since. */
const AGE_MS = 3_600_000;
const SAMPLES = 20_000;

/**
 * Rows as a service has them after a month: ids in the order of time up to an hour ago, half of them COMPLETED and half PENDING and
 * due in a month or later, of three types and all priorities, every other one with a tag. The same for the same count, but for the time.
 *
 * @returns {Generator<{ values: unknown[], id: string, tags: string[] }>}
 */
export function* rows(count, now) {
  const random = generator(count);
  const pick = (list) => list[Math.floor(random() * list.length)];
  for (let n = 0; n < count; n++) {
    const createdAt = Math.floor(now - AGE_MS - SPAN_MS + (n / count) * SPAN_MS);
    const id = uuidv7(createdAt, random);
    const done = random() < 0.5;
    const type = pick(TYPES);
    const customer = pick(CUSTOMERS);
    const tags = random() < 0.5 ? [`customer:${customer}`] : [];
    const payload = type === 'text.reverse' ? JSON.stringify({ text: `Order ${n} of ${customer}` }) : null;
    const runAt = done ? createdAt : Math.floor(now + (30 + 300 * random()) * DAY_MS);
    const endedAt = done ? createdAt + 2_000 : null;
    const fixed = [id, type, `Order ${n}`, `What ${customer} ordered, to be packed and sent`, done ? 'COMPLETED' : 'PENDING'];
    const data = [payload, JSON.stringify({ customer, order: n }), done ? 'null' : null, JSON.stringify(tags)];
    const attempt = [done ? 1 : 0, 3, done ? 'worker-1' : null];
    const times = [runAt, done ? null : runAt, createdAt, done ? createdAt + 5 : null, endedAt ?? createdAt, endedAt];
    yield { id, tags, values: [...fixed, pick(PRIORITIES), ...data, ...attempt, ...times] };
  }
}

/** Ids from the whole range of {@link rows}, at random; `ask` answers the first value of what a statement selects. */
export async function sampleIds(ask) {
  const ids = [];
  while (ids.length < SAMPLES) {
    const time = Math.floor(Date.now() - 2 * AGE_MS - Math.random() * (SPAN_MS - 2 * AGE_MS))
      .toString(16)
      .padStart(12, '0');
    ids.push(await ask(`SELECT id FROM tasks WHERE id > '${time.slice(0, 8)}-${time.slice(8)}' ORDER BY id LIMIT 1`));
  }
  return ids;
}

function uuidv7(ms, random) {
  const hex = (digits) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
