import Fastify from 'fastify';

const BODY = {
  type: 'object',
  required: ['title', 'description'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 255 },
    description: { type: 'string', maxLength: 10_000 },
    metadata: { type: 'object' },
  },
};
const ANSWER = {
  type: 'object',
  properties: { task_id: { type: 'string' }, message: { type: 'string' }, status: { type: 'string' } },
};

/**
 * Serves `POST /api/tasks` as Taskwell does: `add(body)` puts a task in and answers something with its `id`; with
 * `Prefer: wait` the answer comes after `finished` of that.
 */
export async function serveApi({ add, finished }) {
  const app = Fastify();
  app.post('/api/tasks', { schema: { body: BODY, response: { '2xx': ANSWER } } }, async (request, reply) => {
    const added = await add(request.body);
    if (request.headers.prefer === undefined) {
      reply.code(202);
      return { task_id: added.id, message: 'Task submitted successfully', status: 'PENDING' };
    }
    await finished(added);
    return { task_id: added.id, message: 'Task completed', status: 'COMPLETED' };
  });
  await listen(app);
}

/** A worker's only door: it says that the worker is ready. */
export async function serveHealth() {
  await listen(Fastify());
}

async function listen(app) {
  app.get('/readyz', async () => ({ status: 'ok' }));
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
}
