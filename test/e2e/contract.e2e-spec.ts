import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Api } from '../support/api.js';
import { Description } from '../support/description.js';
import type { Answer } from '../support/http.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { enterTarget } from '../support/target.js';
import { access } from './access.js';
import { acting } from './acting.js';
import { archiving } from './archiving.js';
import { badInput, sendSlowBody } from './bad-input.js';
import { batches } from './batches.js';
import { callbacks } from './callbacks.js';
import { errors } from './errors.js';
import { idempotency } from './idempotency.js';
import { importing } from './importing.js';
import { listing } from './listing.js';
import { live } from './live.js';
import { draining, operating } from './operating.js';
import { page } from './page.js';
import { reading } from './reading.js';
import { scheduling } from './scheduling.js';
import { service } from './service.js';
import { submitting } from './submitting.js';
import { taskTypes } from './task-types.js';

jest.setTimeout(30_000);

/**
 * The contract, held against whatever Taskwell BASE_URL names. It knows the default settings and nothing else of its target,
 * and lets PLAIN_TASK_MS be anything from 0 to 2000.
 */
describe('The contract', () => {
  const scope = scopeOfSuite();
  const api = new Api();
  const answers: Answer[] = [];
  let slowBody: () => Promise<number>;

  beforeAll(async () => {
    await enterTarget(api, scope);
    slowBody = await sendSlowBody(api, scope);
    api.watch((answer) => answers.push(answer));
  }, 90_000);

  describe('submitting', () => submitting(api));
  describe('reading', () => reading(api));
  describe('listing', () => listing(api));
  describe('batches', () => batches(api));
  describe('acting', () => acting(api));
  describe('scheduling', () => scheduling(api));
  describe('live', () => live(api));
  describe('operating', () => operating(api));
  describe('idempotency', () => idempotency(api));
  describe('callbacks', () => callbacks(api));
  describe('task types', () => taskTypes(api));
  describe('importing', () => importing(api));
  describe('archiving', () => archiving(api));
  describe('errors', () => errors(api));
  describe('bad input', () => badInput(api, () => slowBody()));
  describe('access', () => access(api));
  describe('service', () => service(api));
  describe('page', () => page(api));

  describe('draining', () => draining(api));

  describe('the served OpenAPI document', () => {
    let description: Description;

    beforeAll(async () => {
      description = new Description((await api.get<never>('/openapi.json')).body);
    });

    it('describes every answer that was given above', () => {
      const objections = answers.flatMap((answer) => description.objection(answer) ?? []);

      expect([...new Set(objections)]).toEqual([]);
    });

    it('describes no route that was not met with success above', () => {
      const met = new Set(answers.filter(({ status }) => status < 300).map((answer) => description.routeOf(answer)));

      // The setup succeeds only while there is no admin.
      const once = new Set(['POST /api/setup']);
      expect(description.routes().filter((route) => !met.has(route) && !once.has(route))).toEqual([]);
    });
  });
});
