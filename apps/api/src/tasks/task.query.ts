import { IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, validate } from '@app/tasks';

/** The parameters of reading one task. */
export class TaskQuery {
  @JSONSchema({ description: 'Hold the answer until the task is final, at most so many seconds: 0 to 30.' })
  @IsOptional()
  @Matches(/^(?:\d|[12]\d|30)$/, { message: 'must be a whole number from 0 to 30' })
  wait?: string;
}

/** The seconds to wait for the task to finish. @throws InvalidRequest */
export function readWait(query: unknown): number {
  const checked = validate(TaskQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return Number(checked.value.wait ?? 0);
}
