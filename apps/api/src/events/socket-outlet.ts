import { InvalidRequest, TaskError, TaskNotFound, type Task, type TaskStore } from '@app/tasks';
import type { RawData, WebSocket } from 'ws';
import { problemOf, refusalOf } from '../http/problem.js';
import { readTaskId } from '../tasks/task-id.js';
import type { Envelope } from './envelope.js';
import { filterOf } from './events.query.js';
import { MOST_UNSENT, type Outlet } from './outlets.js';
import { readCommand, type Command } from './socket.request.js';
import type { Subscriptions } from './subscriptions.js';

/** What one connection may hear at once. */
const MOST_SUBSCRIPTIONS = 100;
/** Messages that may wait to be answered. */
const MOST_COMMANDS = 200;

/** Events over a WebSocket, about whatever the client subscribes to. */
export class SocketOutlet implements Outlet {
  private readonly subscribed = new Map<string, () => void>();
  private commands: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isAlive = true;

  /** `show` makes an event, about a task where it is known, fit for the client; `onClose` is called once, however it ends. */
  constructor(
    private readonly socket: WebSocket,
    private readonly store: TaskStore,
    private readonly subscriptions: Subscriptions,
    private readonly show: (envelope: Envelope, task?: Task) => Envelope,
    onClose: () => void,
  ) {
    socket.on('error', () => {});
    socket.on('pong', () => (this.isAlive = true));
    socket.on('message', (data) => this.receive(data));
    socket.on('close', () => {
      for (const leave of this.subscribed.values()) leave();
      this.subscribed.clear();
      onClose();
    });
  }

  send(envelope: Envelope): void {
    this.write(envelope);
  }

  beat(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    this.socket.ping();
  }

  end(): void {
    this.socket.close(1001, 'The server is shutting down.');
  }

  private receive(data: RawData): void {
    if (this.waiting >= MOST_COMMANDS) return this.socket.close(1008, 'Too many messages.');
    this.waiting++;
    this.commands = this.commands
      .then(() => this.obey(readCommand(data)))
      .catch((error: unknown) => this.refuse(error))
      .finally(() => this.waiting--);
  }

  private async obey(command: Command): Promise<void> {
    const { action, key } = command;
    this.subscribed.get(key)?.();
    this.subscribed.delete(key);
    if (action === 'unsubscribe') return;
    if (this.subscribed.size >= MOST_SUBSCRIPTIONS)
      throw new InvalidRequest([{ pointer: '', detail: `is more than the ${MOST_SUBSCRIPTIONS} subscriptions of a connection` }]);
    const leave = command.task_id === undefined ? this.subscribeToAll(command) : await this.subscribeToTask(command);
    if (this.socket.readyState === this.socket.OPEN) this.subscribed.set(key, leave);
    else leave();
  }

  private subscribeToAll(command: Command): () => void {
    return this.subscriptions.ofAll(command.last_event_id, filterOf(command), (envelopes) => this.tell(envelopes));
  }

  private async subscribeToTask({ task_id, last_event_id, key }: Command): Promise<() => void> {
    const task = await this.store.find(readTaskId(task_id!));
    if (!task) throw new TaskNotFound();
    const place = await this.subscriptions.placeOf(task, last_event_id);
    return this.subscriptions.ofTask(task.id, place, (envelopes, ended) => {
      this.tell(envelopes, task);
      if (ended) this.subscribed.delete(key);
    });
  }

  private tell(envelopes: readonly Envelope[], task?: Task): void {
    for (const envelope of envelopes) this.send(this.show(envelope, task));
  }

  /** A message that cannot be obeyed is answered, and the connection goes on. */
  private refuse(error: unknown): void {
    const known = error instanceof TaskError ? error : new Error('unexpected');
    const problem = problemOf(refusalOf(known), '');
    this.write({
      id: null,
      event: 'error',
      task_id: null,
      at: new Date().toISOString(),
      data: { ...problem, request_id: undefined },
    });
  }

  private write(message: object): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(JSON.stringify(message));
    if (this.socket.bufferedAmount > MOST_UNSENT) this.socket.terminate();
  }
}
