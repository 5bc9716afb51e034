// A receiver of callbacks: `npm run receiver`. It verifies each call with the public `standardwebhooks` package and prints it.
// RECEIVER_PORT is where it listens (9000); CALLBACK_SECRET is the secret, or the one that `npm run callback-secret` prints.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { readCallbackSecrets } from '../../scripts/read-callback-secrets.mjs';

const PORT = Number(process.env.RECEIVER_PORT ?? 9000);
const MAX_BYTES = 16 * 1024 * 1024;
/** Read at the first call: then Taskwell has made its secret. */
let webhook;
/** What was taken already: a call may come more than once. A real receiver keeps this with what it does about the call. */
const taken = new Set();

createServer(async (request, response) => {
  try {
    const body = await read(request);
    webhook ??= new Webhook((await readCallbackSecrets())[0]);
    const event = webhook.verify(body, request.headers);
    const id = request.headers['webhook-id'];
    console.log(`${new Date().toISOString()} ${id}${taken.has(id) ? ' (again)' : ''}\n${JSON.stringify(event, null, 2)}\n`);
    taken.add(id);
    response.writeHead(204).end();
  } catch (error) {
    console.log(`${new Date().toISOString()} refused: ${error.message}\n`);
    response.writeHead(401).end();
  }
}).listen(PORT, '127.0.0.1', () => console.log(`Waiting for callbacks at http://localhost:${PORT}/\n`));

/** The bytes as they came: what is signed is these, not what a parser makes of them. */
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
