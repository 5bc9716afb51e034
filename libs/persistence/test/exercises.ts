import type { NoticeStore, ScheduleStore, ScheduleTerms } from '@app/tasks';
import type { RecordStore } from '@app/records';
import { newTask, taskId } from './builders.js';

const TERMS: ScheduleTerms = {
  title: 'Nightly report',
  cron: '* * * * *',
  timeZone: 'Europe/Berlin',
  task: { type: 'test.echo' },
  request: { type: 'test.echo' },
  overlap: 'queue',
  missed: 'all',
  maxMissed: 7,
  endsAt: null,
};

/** Asks a store of schedules everything that runs without anybody asking, and what clients ask most. */
export async function exerciseSchedules(store: ScheduleStore): Promise<void> {
  const id = taskId();
  const nextAt = new Date((await store.now()).getTime() - 1_000);
  await store.insert(id, TERMS, { status: 'ACTIVE', nextAt });
  await store.due(0, 100);
  const tick = (ms: number) => ({ at: new Date(nextAt.getTime() + ms), task: newTask({ scheduleId: id }) });
  const set = { status: 'ACTIVE' as const, nextAt: new Date(nextAt.getTime() + 3_600_000) };
  const firing = { scheduleId: id, from: { version: 1, nextAt }, overlap: 'queue' as const, ticks: [tick(0), tick(1)], set };
  await store.fire(firing, 60_000);
  await store.waiting(100);
  await store.release(id, newTask({ scheduleId: id }), 60_000);
  await store.update(id, 1, { title: 'Nightly' });
  await store.find(id);
  await store.list({ size: 20, before: taskId() });
  await store.forgetFires(0, 100);
  await store.delete(id);
}

/** Takes a mail about failures through everything that can become of it. Notices of `recipient` must be there. */
export async function exerciseNotices(store: NoticeStore, recipient: string): Promise<void> {
  const terms = { collectMs: 0, holdMs: 60_000 };
  await store.recipients(100);
  await store.open(recipient, terms);
  const mail = (await store.open(recipient, terms))!;
  await store.collect(mail, 100);
  await store.digest(mail, 10);
  await store.markSent(mail);
  await store.forget(mail, 100);
  await store.postpone(mail, 0);
  const again = (await store.open(recipient, terms))!;
  await store.close(again, 0);
  await store.rest((await store.open(recipient, terms))!);
  await store.drop(recipient, 100);
}

/** Makes rows of a file and reads them. The lease must be held. */
export async function exerciseRecords(store: RecordStore, lease: { id: string; attempt: number }): Promise<void> {
  const { number } = await store.begin(lease, { dataset: 'plans', source: taskId(), name: 'a.csv', size: 10 });
  const errors = [{ row: 2, line: 3, reason: 'is broken', text: 'x' }];
  const slice = { after: 0, to: 3, numbers: [1, 3], rows: ['{"a":1}', '{"a":2}'], errors, fields: ['a'] };
  await store.append(lease, number, slice, 10);
  await store.end(lease, number, { format: 'csv', outcome: '' });
  const after = { import: number, row: 1 };
  await store.records('plans', { size: 20, after });
  await store.records('plans', { size: 20, filter: { field: 'a', value: '1' } });
  await store.errors('plans', { size: 20, after });
  await store.dataset('plans');
  await store.datasets({ size: 20, after: 'plan' });
}
