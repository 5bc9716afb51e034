import { IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, STATUSES, validate, type FeedEvent, type TaskStatus } from '@app/tasks';
import { TYPE } from '../tasks/submission.request.js';

const EVENT_ID = /^[\w.-]{1,64}$/;

/** Where a stream goes on, as it stands in the query. */
export class StreamQuery {
  @JSONSchema({ description: 'The id of the last event that was seen; as the header Last-Event-ID, which comes first.' })
  @IsOptional()
  @Matches(EVENT_ID, { message: 'must be the id of an event' })
  last_event_id?: string;
}

/** Which tasks a stream is about. */
export class EventsQuery extends StreamQuery {
  @IsOptional()
  @Matches(TYPE, { message: 'must be the name of a task type' })
  type?: string;

  @JSONSchema({ description: 'One status or several, separated by commas: only events with them.' })
  @IsOptional()
  @Matches(new RegExp(`^(?:${STATUSES.join('|')})(?:,(?:${STATUSES.join('|')})){0,9}$`), {
    message: `must be one or more of ${STATUSES.join(', ')}, separated by commas`,
  })
  status?: string;
}

/** Which of all events are told. */
export type EventFilter = (event: FeedEvent) => boolean;

/** @throws InvalidRequest */
export function readStreamQuery(query: unknown, header: unknown): string | undefined {
  const checked = validate(StreamQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return lastEventId(header, checked.value);
}

/** @throws InvalidRequest */
export function readEventsQuery(query: unknown, header: unknown): { lastId: string | undefined; filter: EventFilter } {
  const checked = validate(EventsQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return { lastId: lastEventId(header, checked.value), filter: filterOf(checked.value) };
}

export function filterOf({ type, status }: Pick<EventsQuery, 'type' | 'status'>): EventFilter {
  const statuses = status === undefined ? null : new Set(status.split(',') as TaskStatus[]);
  return (event) => {
    if (type !== undefined && event.state.type !== type) return false;
    // Progress is made by tasks that are being processed.
    return statuses === null || statuses.has(event.status ?? 'PROCESSING');
  };
}

function lastEventId(header: unknown, { last_event_id }: StreamQuery): string | undefined {
  return typeof header === 'string' && header !== '' ? header : last_event_id;
}
