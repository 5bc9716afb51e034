import { lasting } from '../support/eventually.js';
import type { Stage } from './stage.js';

const TOWNS = ['Oslo', 'Bergen', 'Trondheim', 'Tromsø', 'Ålesund'];

/** What the pages are to show: tasks of every type and state, files with bad rows, schedules. */
export interface Seeded {
  running: string;
  failed: string;
  calculated: string;
  waiting: string;
  batch: string;
}

export async function seed(stage: Stage): Promise<Seeded> {
  const { api } = stage;
  await stage.submitMany(40, (index) => ({
    type: 'text.reverse',
    title: `Reverse line ${index + 1}`,
    payload: { text: `line ${index + 1}` },
    tags: ['nightly'],
  }));
  await stage.submitMany(12, (index) => ({
    type: 'text.sentiment',
    payload: { text: index % 2 ? 'Great food, lovely people.' : 'I hated every minute of it.' },
    tags: ['reviews'],
  }));
  await stage.submitMany(4, (index) => ({
    type: 'email.send',
    title: `Invoice ${4711 + index}`,
    payload: { to: 'ada@example.com', subject: `Invoice ${4711 + index}`, text: 'Dear Ada, …' },
    tags: ['invoice', 'customer:ada'],
  }));
  const [failed] = await stage.submitMany(7, (index) => ({
    type: 'show.fail',
    title: `Sync orders, shop ${index + 1}`,
    payload: { shop: index + 1, since: '2026-11-24T00:00:00Z' },
    tags: ['sync'],
    max_attempts: 3,
    retry: { first_delay_seconds: 0, max_delay_seconds: 0 },
  }));
  await stage.submitMany(2, () => ({
    type: 'show.fail',
    title: 'Draw the monthly report',
    payload: { message: 'The template has no page for "Zürich".' },
    max_attempts: 1,
  }));
  const calculated = await api.submitted({
    type: 'calculation.run',
    title: 'Month-end totals',
    tags: ['finance'],
    metadata: { team: 'blue', ticket: 4711 },
    payload: {
      items: [
        { name: 'sum', num_1: '12345678901234567890', num_2: '0.12345678901234567890', operation: '+', result_rounding: 20 },
        { name: 'share', num_1: 1, num_2: 3, operation: '/', result_rounding: 6 },
        { name: 'oops', num_1: 1, num_2: 0, operation: '/', result_rounding: 2 },
      ],
    },
  });
  await api.submitted({
    type: 'onboarding.welcome',
    title: 'Welcome Zoë',
    payload: { name: 'Zoë Nguyễn', email: 'zoe@example.com', company: 'Acme Studio', locale: 'de' },
  });
  const waiting = await api.submitted({
    type: 'text.reverse',
    title: 'Tomorrow',
    payload: { text: 'later' },
    delay_seconds: 86_400,
  });
  await api.submitted({ type: 'text.reverse', title: 'Called off', payload: { text: 'no' }, delay_seconds: 3600 });
  const off = (await api.list({ q: 'Called off' })).body.items[0]!.task_id;
  await api.post(`/api/tasks/${off}/cancel`);
  const batch = await upload(stage.url);
  await makeSchedules(stage);
  const running = await api.submitted({ type: 'show.report', title: 'Draw the catalogue', payload: { steps: 400, ms: 500 } });
  await api.submitted({ type: 'show.report', title: 'Draw the price list', payload: { steps: 90, ms: 700 } });
  await api.untilFinal(failed!);
  await api.untilFinal(calculated);
  await lasting(3_500);
  return { running, failed: failed!, calculated, waiting, batch };
}

/** Files, some with bad rows, and one that is none. */
async function upload(url: string): Promise<string> {
  const form = new FormData();
  form.append('dataset', 'towns');
  for (let file = 1; file <= 5; file++) {
    const rows = TOWNS.map((town, index) => `${file * 100 + index},${town},${(index + 1) * 10_000}`);
    const text = ['id,town,people', ...rows, ...(file === 3 ? ['301', '302,Hamar'] : []), ''].join('\n');
    form.append('file', new Blob([text]), `towns-${file}.csv`);
  }
  form.append('file', new Blob(['{"id": 1, "town": ']), 'broken.json');
  const answer = await fetch(`${url}/api/files`, { method: 'POST', body: form });
  return ((await answer.json()) as { batch_id: string }).batch_id;
}

async function makeSchedules({ api }: Stage): Promise<void> {
  const task = { type: 'text.reverse', payload: { text: 'good morning' } };
  await api.post('/api/schedules', { title: 'Good morning', cron: '0 7 * * MON-FRI', time_zone: 'Europe/Berlin', task });
  await api.post('/api/schedules', { title: 'Every quarter of an hour', cron: '*/15 * * * *', task });
  const paused = await api.post<{ schedule_id: string }>('/api/schedules', { title: 'Month-end', cron: '0 23 L * *', task });
  await api.post(`/api/schedules/${paused.body.schedule_id}/pause`);
}
