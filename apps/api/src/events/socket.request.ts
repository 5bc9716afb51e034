import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { InvalidRequest, validate } from '@app/tasks';
import type { RawData } from 'ws';
import { EventsQuery } from './events.query.js';

/** What a client says over a WebSocket: whose events it wants to hear, or no longer. Without a task, those of all. */
class CommandMessage extends EventsQuery {
  @IsIn(['subscribe', 'unsubscribe'], { message: 'must be subscribe or unsubscribe' })
  action!: 'subscribe' | 'unsubscribe';

  @IsOptional()
  @IsString({ message: 'must be the id of a task' })
  @MaxLength(64, { message: 'must be the id of a task' })
  task_id?: string;
}

export interface Command extends CommandMessage {
  /** What it is about: one subscription for each. */
  key: string;
}

/** @throws InvalidRequest */
export function readCommand(data: RawData): Command {
  const message = parse(data);
  const checked = validate(CommandMessage, message, '');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  const { task_id, type, status } = checked.value;
  return { ...checked.value, key: task_id === undefined ? `all ${type ?? ''} ${status ?? ''}` : `task ${task_id.toLowerCase()}` };
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8')) as unknown;
  } catch {
    throw new InvalidRequest([{ pointer: '', detail: 'must be JSON' }]);
  }
}
