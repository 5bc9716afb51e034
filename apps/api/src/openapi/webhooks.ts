import { FINAL_STATUSES, type JsonSchema } from '@app/tasks';
import { ref } from './schemas.js';

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

/** What Taskwell sends: the calls to a task's `callback_url`, as the document's `webhooks`. */
export function webhooks(): Record<string, JsonSchema> {
  return Object.fromEntries(FINAL_STATUSES.map((status) => [`task.${status.toLowerCase()}`, { post: callback(status) }]));
}

function callback(status: string): object {
  return {
    operationId: `task${status}`,
    tags: ['callbacks'],
    summary: `A task with a callback_url is ${status}`,
    description:
      'Signed as Standard Webhooks 1.0 says. It may come more than once, always with the same webhook-id. Any 2xx within 15 seconds takes it; ' +
      'a 410 ends it; anything else, redirects too, is tried again later, and not before a Retry-After.',
    parameters: [
      header('webhook-id', 'The same at every try.'),
      header('webhook-timestamp', 'Seconds since 1970 at the moment of sending.'),
      header('webhook-signature', 'v1,BASE64 over {id}.{timestamp}.{body}; one for each secret, separated by spaces.'),
    ],
    requestBody: { required: true, content: { 'application/json': { schema: ref('CallbackEvent') } } },
    responses: { '2XX': { description: 'Taken.' }, '410': { description: 'No more of these.' } },
  };
}
