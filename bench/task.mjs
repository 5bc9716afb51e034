/** What every system is given to do, in every measure. */
export const TASK = { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } };

/** Handlers that run side by side in a worker: the default of Taskwell's WORKER_CONCURRENCY. */
export const CONCURRENCY = 32;

export const JSON_BODY = { 'content-type': 'application/json' };
