import { Queue, QueueEvents } from 'bullmq';
import { serveApi } from '../http.mjs';
import { CONNECTION, OPTIONS } from './options.mjs';

const queue = new Queue(process.env.QUEUE, { connection: CONNECTION, defaultJobOptions: OPTIONS });
await queue.waitUntilReady();

// Made when somebody waits for the first time: reading the events of all jobs would slow down an API in which nobody does.
let events;

await serveApi({
  add: (body) => queue.add('task', body),
  async finished(job) {
    events ??= new QueueEvents(process.env.QUEUE, { connection: CONNECTION });
    await job.waitUntilFinished(events, 10_000);
  },
});
