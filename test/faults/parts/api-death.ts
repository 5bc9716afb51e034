import type { Row } from '../evidence.js';
import type { Stage } from '../stage.js';

/** The only API dies at the fail point under load, of clients with keys and without, and is started again. */
export async function dieSubmitting(stage: Stage, point: string): Promise<void> {
  const { apis, workers } = await stage.prepare();
  const api = apis[0]!;
  await Promise.all([workers[0]!.start(), api.start({ FAIL_POINTS: point })]);
  const withKeys = stage.client.load({ keyed: true });
  const without = stage.client.load();
  await stage.fault(`the API dies at ${point}`, async () => {
    await api.dies();
    await api.start();
  });
  const answered = stage.client.accepted.length;
  await stage.until('clients are served again', () => stage.client.accepted.length > answered + 50);
  await Promise.all([withKeys.stop(), without.stop()]);
  stage.claim(
    'every client with a key got its task',
    withKeys.outcomes.every(({ status }) => status === 202),
  );
  await stage.settle();
}

/** The rows of submissions that never got a clear answer. */
export async function unansweredRows(stage: Stage): Promise<Row[]> {
  const answered = new Set(stage.history.entries.flatMap((line) => (line.what === 'ok' ? line.submission : [])));
  return (await stage.deployment.rows.all()).filter(({ submission }) => submission !== null && !answered.has(submission));
}
