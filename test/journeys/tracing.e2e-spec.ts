import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Api, reverseTask } from '../support/api.js';
import { deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Receiver } from '../support/receiver.js';
import type { Scope } from '../support/scope.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ENV: Env = { EGRESS_ALLOW: '127.0.0.1', CALLBACK_SECRET: SECRET, SWEEP_SECONDS: 1 };
const WITHIN = { within: 30_000 };

const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });

describe('Traces: embedded', () => {
  describeTraces(async (scope, env) => (await TaskwellProcess.start('api', scope, env)).url, ['taskwell-api', 'taskwell-api']);
});
describeWithServers('Traces: an API and a worker', () => {
  describeTraces(async (scope, env) => (await deploy(scope, { env })).apis[0]!.url, ['taskwell-api', 'taskwell-worker']);
});

/** @param services who takes requests, and who runs tasks. */
function describeTraces(start: (scope: Scope, env: Env) => Promise<string>, [atDoor, atWork]: [string, string]): void {
  const scope = scopeOfSuite();
  let collector: OtlpReceiver;
  let receiver: Receiver;
  let api: Api;

  beforeAll(async () => {
    collector = await OtlpReceiver.open(scope);
    receiver = await Receiver.open(scope, SECRET);
    const url = await start(scope, { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: 100 });
    api = new Api(url);
  }, 90_000);

  it('join the request, the attempt, its outgoing calls, and the callback', async () => {
    receiver.manner = () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' });
    const { traceId, spanId } = newTrace();
    const id = await api.submitted(
      {
        type: 'http.fetch',
        payload: { items: [{ name: 'a', url: receiver.url('/fetched'), method: 'GET' }] },
        callback_url: receiver.url('/told'),
      },
      { traceparent: `00-${traceId}-${spanId}-01` },
    );
    await eventually('the callback has come', () => receiver.about(id).length === 1, WITHIN);

    const spans = await eventually(
      'all spans have come',
      () => collector.of(traceId).length === 5 && collector.of(traceId),
      WITHIN,
    );
    const [request, fetchRun, fetch, callbackRun, callback] = [
      'POST /api/tasks',
      'run http.fetch',
      'GET 127.0.0.1',
      'run callback.deliver',
      'POST 127.0.0.1',
    ].map((name) => spans.find((span) => span.name.startsWith(name))!);
    expect(request).toMatchObject({ service: atDoor, parentSpanId: spanId });
    expect(fetchRun).toMatchObject({ service: atWork, parentSpanId: request!.spanId });
    expect(fetch).toMatchObject({ service: atWork, parentSpanId: fetchRun!.spanId });
    expect(callbackRun).toMatchObject({ service: atWork, parentSpanId: request!.spanId });
    expect(callback).toMatchObject({ service: atWork, parentSpanId: callbackRun!.spanId });
    expect(receiver.of('/fetched')[0]!.headers.traceparent).toBe(`00-${traceId}-${fetch!.spanId}-01`);
    expect(receiver.of('/told')[0]!.headers.traceparent).toBe(`00-${traceId}-${callback!.spanId}-01`);
  });

  it('mark an attempt that failed', async () => {
    receiver.manner = () => 500;
    const { traceId, spanId } = newTrace();
    await api.submitted(reverseTask('x', { callback_url: receiver.url('/broken') }), {
      traceparent: `00-${traceId}-${spanId}-01`,
    });

    await eventually(
      'the span of the delivery says so',
      () => collector.of(traceId).find(({ name, status }) => name === 'run callback.deliver' && status.code === 2),
      WITHIN,
    );
  });

  it('begin at the request where the client has none', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);

    await eventually(
      'both spans have come',
      () => {
        const run = collector.spans.findLast(({ name }) => name === 'run text.reverse');
        return run && collector.spans.some(({ spanId, parentSpanId }) => spanId === run.parentSpanId && !parentSpanId);
      },
      WITHIN,
    );
  });

  it('leave out what the client does not sample, and still tell everybody whose request it is', async () => {
    receiver.manner = () => 200;
    const { traceId, spanId } = newTrace();
    const traceparent = `00-${traceId}-${spanId}-00`;
    await api.submitted(reverseTask('x', { callback_url: receiver.url('/unsampled') }), { traceparent });
    await eventually('the callback has come', () => receiver.of('/unsampled').length === 1, WITHIN);

    expect(receiver.of('/unsampled')[0]!.headers.traceparent).toBe(traceparent);
    expect(collector.of(traceId)).toEqual([]);
  });
}

describe('Without OTEL_*', () => {
  const scope = scopeOfSuite();

  it("a client's trace is passed on to whom it concerns, and a header that is none is not", async () => {
    const receiver = await Receiver.open(scope, SECRET);
    const api = new Api((await TaskwellProcess.start('api', scope, ENV)).url);
    const { traceId, spanId } = newTrace();
    const traceparent = `00-${traceId}-${spanId}-01`;
    await api.submitted(reverseTask('x', { callback_url: receiver.url('/right') }), { traceparent });
    await api.submitted(reverseTask('x', { callback_url: receiver.url('/wrong') }), { traceparent: 'nonsense' });
    await eventually('both callbacks have come', () => receiver.calls.length === 2, WITHIN);

    expect(receiver.of('/right')[0]!.headers.traceparent).toBe(traceparent);
    expect(receiver.of('/wrong')[0]!.headers.traceparent).toBeUndefined();
  });
});
