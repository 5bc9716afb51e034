import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { TASK_DUE, type Announcement, type Priority, type TaskTransport } from '@app/tasks';

/**
 * The announcing half of a transport, for the domain as TaskTransport and for Nest as ClientProxy: `emit(TASK_DUE, announcements)`
 * completes when all are confirmed and fails with TransportUnavailable otherwise.
 */
export abstract class TaskClient extends ClientProxy implements TaskTransport {
  abstract announce(announcements: readonly Announcement[]): Promise<void>;
  abstract depth(): Promise<Record<Priority, number>>;
  abstract ping(): Promise<void>;

  protected async dispatchEvent<T>({ pattern, data }: ReadPacket): Promise<T> {
    if (pattern !== TASK_DUE) throw new Error(`This transport carries "${TASK_DUE}" only, not ${JSON.stringify(pattern)}.`);
    return (await this.announce(Array.isArray(data) ? data : [data])) as T;
  }

  protected publish(_packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    callback({ err: new Error('This transport carries events; nobody answers requests.') });
    return () => {};
  }
}
