import { Worker } from 'bullmq';
import { CONCURRENCY } from '../../task.mjs';
import { serveHealth } from '../http.mjs';
import { CONNECTION } from './options.mjs';

const worker = new Worker(process.env.QUEUE, async () => null, { connection: CONNECTION, concurrency: CONCURRENCY });
await worker.waitUntilReady();
await serveHealth();
