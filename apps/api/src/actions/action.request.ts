import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { BULK_ACTIONS, InvalidRequest, validate, type BulkAction, type Selection, type TaskFilter } from '@app/tasks';
import { FilterQuery, filterOf } from '../tasks/list.query.js';

const MOST_TASKS = 1_000;

/** What to do with many tasks, as it stands in the body. */
export class ActionRequest {
  @JSONSchema({ description: 'retry is for tasks that have ended, cancel for those that have not.' })
  @IsIn(BULK_ACTIONS, { message: `must be one of ${BULK_ACTIONS.join(', ')}` })
  action!: BulkAction;

  @JSONSchema({ description: 'The tasks to act on; or a filter.' })
  @IsOptional()
  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold at least one id' })
  @ArrayMaxSize(MOST_TASKS, { message: `must hold at most ${MOST_TASKS} ids` })
  @Matches(/^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, { each: true, message: 'must hold ids of tasks' })
  task_ids?: string[];

  @JSONSchema({ description: 'All tasks that match, as in GET /api/tasks; an empty one matches all.' })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  filter?: object;

  @JSONSchema({ description: 'Only count.', default: false })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  dry_run?: boolean;
}

/** @throws InvalidRequest */
export function readAction(body: unknown): { action: BulkAction; selection: Selection; dryRun: boolean } {
  const checked = validate(ActionRequest, body);
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  const { action, task_ids, filter, dry_run } = checked.value;
  if ((task_ids == null) === (filter == null))
    throw new InvalidRequest([{ pointer: '', detail: 'must have either task_ids or a filter' }]);
  const selection: Selection = task_ids
    ? { ids: [...new Set(task_ids.map((id) => id.toLowerCase()))] }
    : { filter: readFilter(filter) };
  return { action, selection, dryRun: dry_run ?? false };
}

function readFilter(json: unknown): TaskFilter {
  const checked = validate(FilterQuery, json, '/filter');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return filterOf(checked.value);
}
