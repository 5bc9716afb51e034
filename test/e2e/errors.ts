import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api, type Problem } from '../support/api.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';

/** How Taskwell says no. */
export function errors(api: Api): void {
  it('answers a problem document with title, status, detail, code and the id of the request', async () => {
    const answer = await api.get<Problem>(`/api/tasks/${UNKNOWN_ID}`);

    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: expect.stringMatching(/\w/),
      code: 'task_not_found',
      request_id: answer.headers['x-request-id'],
    });
  });

  it("calls the request by the client's own id", async () => {
    const answer = await api.get<Problem>('/api/tasks/1', { 'x-request-id': 'client-42' });

    expect(answer.body.request_id).toBe('client-42');
    expect(answer.headers['x-request-id']).toBe('client-42');
  });

  it.each(['a b', '<script>', 'x'.repeat(500), '\u001b[2J'.replace('\u001b', '\\e')])(
    'gives a request with the unusable id "%.20s" an id of its own',
    async (id) => {
      const answer = await api.get<Problem>('/api/tasks/1', { 'x-request-id': id });

      expect(answer.body.request_id).not.toBe(id);
      expect(answer.body.request_id).toMatch(/^[\w.:/+=-]{1,128}$/);
    },
  );

  it('names every mistake of an envelope', async () => {
    const answer = await api.submit<Problem>({ title: 1, description: 2, priority: 3, tags: 'x', 'a/b~c': 4 });

    expect(new Set(answer.body.errors!.map(({ pointer }) => pointer))).toEqual(
      new Set(['/title', '/description', '/priority', '/tags', '/a~1b~0c']),
    );
    expect(answer.status).toBe(400);
  });

  it('wants title and description of a task without a type', async () => {
    expectProblem(await api.submit({}), 400, 'invalid_request', ['/title', '/description']);
  });

  it.each([
    ['is missing', {}],
    ['is null', { payload: null }],
    ['has another type', { payload: { text: 7 } }],
    ['is too long', { payload: { text: 'x'.repeat(100_001) } }],
  ])('answers 422 when the payload of a type %s', async (_name, body) => {
    const answer = await api.submit<Problem>({ type: 'text.reverse', ...body });

    expectProblem(answer, 422, 'invalid_payload');
    expect(new Set(answer.body.errors!.map(({ pointer }) => pointer))).toEqual(new Set(['/payload/text']));
  });

  it.each([
    ['a text', 'x'],
    ['a list', ['x']],
  ])('answers 422 when the payload of a type is %s', async (_name, payload) => {
    expectProblem(await api.submit({ type: 'text.reverse', payload }), 422, 'invalid_payload', ['/payload']);
  });

  it('answers 422 to a payload with a member that the type does not know', async () => {
    expectProblem(await api.submit({ type: 'text.reverse', payload: { text: 'x', loud: true } }), 422, 'invalid_payload', [
      '/payload/loud',
    ]);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])('answers 422 to a payload with the member %s', async (name) => {
    expectProblem(await api.submit({ type: 'text.reverse', payload: { text: 'x', [name]: 1 } }), 422, 'invalid_payload', [
      `/payload/${name}`,
    ]);
  });

  it.each(['/', '/api', '/api/nothing', '/api/tasks/', '/.env', '/%2e%2e/', '/livez/x'])(
    'answers 404 for the path %s',
    async (path) => {
      expectProblem(await api.get(path), 404);
    },
  );

  it.each([
    ['DELETE', '/api/tasks'],
    ['PUT', `/api/tasks/${UNKNOWN_ID}`],
    ['PATCH', `/api/tasks/${UNKNOWN_ID}`],
    ['GET', `/api/tasks/${UNKNOWN_ID}/cancel`],
  ])('answers 405 and says what is allowed to %s %s', async (method, path) => {
    const answer = await api.call({ method, path });

    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.allow).toMatch(/^(GET|HEAD|POST|, )+$/);
  });

  it('tells nothing about its inside', async () => {
    const answers = [
      await api.submit({ type: 'x' }),
      await api.get('/api/tasks/%zz'),
      await api.submit(reverseTask({})),
      await api.submit(plainTask({ run_at: {} })),
    ];

    for (const { text } of answers) expect(text).not.toMatch(/node_modules|\.(js|ts):\d|sqlite|mysql|fastify|Error:/i);
  });
}
