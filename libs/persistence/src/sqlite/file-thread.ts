// The thread that has the database file: it waits for the disk, so that the event loop of the process need not.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import Libsql from 'libsql';
import { runCalls, type Call } from './operations.js';
import { SqliteDatabase, type Outcome } from './sqlite-database.js';

/** What {@link Answer answers} are about: calls that were made together. */
export interface Request {
  number: number;
  calls: Call[];
}

/** The outcomes of a request's calls. An error has lost its class on the way. */
export interface Answer {
  number: number;
  outcomes: ({ value: unknown } | { error: { message: string; code?: string } })[];
}

/** What the thread is started with. */
export interface FileSettings {
  path: string;
  busyTimeoutMs: number;
}

const port = parentPort!;
const { path, busyTimeoutMs } = workerData as FileSettings;
const connection = new Libsql(path, { timeout: busyTimeoutMs });
connection.pragma('journal_mode = WAL');
// Pages that change again and again are copied into the file once for every 32 MB of log, not for every 4.
connection.pragma('wal_autocheckpoint = 8000');
connection.pragma('cache_size = -32000');
const db = new SqliteDatabase(connection);

port.on('message', (first: Request | 'close') => {
  // What arrived while the last commit was written shares the next one.
  const requests: Request[] = [];
  let next: Request | 'close' | undefined = first;
  while (next !== undefined && next !== 'close') {
    requests.push(next);
    const received: { message: unknown } | undefined = receiveMessageOnPort(port);
    next = received?.message as Request | 'close' | undefined;
  }
  const outcomes = requests.length > 0 ? outcomesOf(requests.flatMap(({ calls }) => calls)) : [];
  const answers = requests.map(({ number, calls }): Answer => ({ number, outcomes: outcomes.splice(0, calls.length) }));
  if (answers.length > 0) port.postMessage(answers);
  if (next === 'close') {
    connection.close();
    port.close();
  }
});

function outcomesOf(calls: readonly Call[]): Answer['outcomes'] {
  let outcomes: Outcome[];
  try {
    outcomes = runCalls(db, calls);
  } catch (error) {
    outcomes = calls.map(() => ({ error }));
  }
  return outcomes.map((outcome) => ('error' in outcome ? { error: plain(outcome.error) } : outcome));
}

function plain(error: unknown): { message: string; code?: string } {
  const { message, code } = error as { message?: string; code?: unknown };
  return { message: message ?? String(error), code: typeof code === 'string' ? code : undefined };
}
