import { expect, it } from '@jest/globals';
import { validate } from '@readme/openapi-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Api } from '../support/api.js';

interface TypeView {
  type: string;
  title: string;
  description: string | null;
  payload_schema: { properties?: Record<string, { description?: string }> };
}

/** What operators and tools need. */
export function service(api: Api): void {
  it('says that it lives and that it is ready', async () => {
    expect((await api.get('/livez')).status).toBe(200);
    expect(await api.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('tells the probes nothing about hosts, versions or passwords', async () => {
    const { text } = await api.get('/readyz');

    expect(text).not.toMatch(/\d+\.\d+|:\/\/|localhost|root|guest/);
  });

  it('tells Prometheus how things are', async () => {
    const answer = await api.get('/metrics');

    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^# HELP /);
  });

  it('serves an OpenAPI document that a public validator accepts', async () => {
    const { body } = await api.get<{ openapi: string }>('/openapi.json');

    expect(body.openapi).toMatch(/^3\./);
    expect(await validate(structuredClone(body) as never)).toMatchObject({ valid: true });
  });

  it('describes every route of the contract', async () => {
    const { body } = await api.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json');
    const described = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(described).toEqual(
      expect.arrayContaining([
        'POST /api/tasks',
        'GET /api/tasks',
        'POST /api/tasks/batch',
        'GET /api/tasks/{task_id}',
        'POST /api/tasks/{task_id}/cancel',
        'POST /api/tasks/{task_id}/retry',
        'GET /api/types',
        'GET /livez',
        'GET /readyz',
      ]),
    );
  });

  it('serves a page that shows the document', async () => {
    const answer = await api.get('/docs');

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.text).toContain('swagger-ui');
  });

  it('lists the types with title, description and a schema that takes what the type takes', async () => {
    const { items } = (await api.get<{ items: TypeView[] }>('/api/types')).body;
    const reverse = items.find(({ type }) => type === 'text.reverse')!;
    const fits = new Ajv2020({ strict: false }).compile(reverse.payload_schema);

    expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining(['plain', 'text.reverse']));
    expect(reverse).toMatchObject({ title: expect.stringMatching(/\w/), description: expect.stringMatching(/\w/) });
    expect(
      [{ text: 'abc' }, {}, { text: 7 }, { text: 'x'.repeat(100_001) }, { text: 'a', more: 1 }].map((payload) => fits(payload)),
    ).toEqual([true, false, false, false, false]);
  });

  it('shows one type as in the list, and answers 404 for one that does not exist', async () => {
    const { items } = (await api.get<{ items: TypeView[] }>('/api/types')).body;

    expect((await api.get('/api/types/plain')).body).toEqual(items.find(({ type }) => type === 'plain'));
    expect((await api.get('/api/types/__proto__')).status).toBe(404);
  });
}
