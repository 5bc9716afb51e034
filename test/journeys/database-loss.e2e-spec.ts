import { beforeAll, expect, it } from '@jest/globals';
import { Api, plainTask, type Page } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Load, acceptedOf } from '../support/load.js';
import { expectProblem } from '../support/matchers.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { MYSQL_URL } from '../support/servers.mjs';
import { describeWithServers } from '../support/suites.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const ANSWER_MS = 3_000;
const REPAIR_MS = 60_000;

describeWithServers('When the database fails', () => {
  const scope = scopeOfSuite();
  let proxy: TcpProxy;
  let deployment: Deployment;

  beforeAll(async () => {
    proxy = await TcpProxy.before(MYSQL_URL, scope);
    const env = { ...QUICK_REPAIR, PLAIN_TASK_MS: 50 };
    deployment = await deploy(scope, { workers: 2, env, ways: { database: (url) => proxy.through(url) } });
  }, 90_000);

  it.each([
    ['is cut', 'cut'],
    ['swallows everything', 'hold'],
  ] as const)(
    'because the line %s, every answer is 503 within 3 s, and it recovers',
    async (_what, fault) => {
      const { apis, database } = deployment;
      const api = new Api(apis[0]!.url);
      const before = await api.submitted(plainTask());
      await api.untilFinal(before);
      proxy[fault]();
      const requests = [
        ...Array.from({ length: 20 }, () => () => api.submit(plainTask())),
        () => api.submit(plainTask(), { 'idempotency-key': fault }),
        () => api.post('/api/tasks/batch', { tasks: [plainTask(), plainTask()] }),
        () => api.get(`/api/tasks/${before}`),
        () => api.get<Page>('/api/tasks'),
        () => api.post(`/api/tasks/${before}/cancel`),
        () => api.post(`/api/tasks/${before}/retry`),
      ];
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(requests.map((request) => request()));
        for (const answer of answers) {
          expectProblem(answer, 503, 'store_unavailable');
          expect(answer.headers['retry-after']).toMatch(/^\d+$/);
        }
        expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(ANSWER_MS);
      }
      expect((await api.get('/livez')).status).toBe(200);
      expect((await api.get('/readyz')).status).toBe(503);

      proxy.resume();
      const id = await eventually('it accepts again', async () => (await api.submit(plainTask())).body.task_id, {
        within: 10_000,
      });
      await database.untilCompleted([before, id], REPAIR_MS);
    },
    120_000,
  );

  it.each([
    ['is cut', 'cut'],
    ['swallows everything', 'hold'],
  ] as const)(
    'under load because the line %s, no submission is accepted that is not kept, and all accepted complete',
    async (_what, fault) => {
      const { apis, workers, database } = deployment;
      const api = new Api(apis[0]!.url);
      const load = new Load(api, { lines: 6, pauseMs: 5 });
      await eventually('it is under load', () => load.accepted.length > 200, { within: 20_000 });
      const faultAt = performance.now();
      proxy[fault]();
      await eventually('clients have noticed', () => load.outcomes.filter(({ status }) => status === 503).length > 20, {
        within: 20_000,
      });
      const healedAt = performance.now();
      proxy.resume();
      await eventually(
        'it accepts again',
        () => load.outcomes.some(({ status, sentAt }) => status === 202 && sentAt > healedAt),
        { within: 20_000 },
      );
      const outcomes = await load.stop();

      expect(outcomes.filter(({ status }) => status !== 202 && status !== 503)).toEqual([]);
      const refused = outcomes.filter(({ status }) => status === 503);
      expect(refused.filter(({ retryAfter }) => !retryAfter)).toEqual([]);
      expect(Math.max(...refused.map(({ ms }) => ms))).toBeLessThan(ANSWER_MS);
      expect(
        outcomes.filter(({ status, sentAt }) => status === 202 && sentAt > faultAt + 100 && sentAt < healedAt - ANSWER_MS),
      ).toEqual([]);
      expect(await database.missing(acceptedOf(outcomes))).toEqual([]);
      await database.untilCompleted(acceptedOf(outcomes), REPAIR_MS);
      for (const worker of workers) await worker.ready();
    },
    150_000,
  );
});
