import { mayType, type Principal } from '@app/access';
import { TaskNotFound, type HandlerRegistry, type Task, type TaskFilter } from '@app/tasks';
import { HttpProblem } from '../http/http-problem.js';

/** The task, for a caller who may deal with its type. @throws TaskNotFound for others, as if there were none */
export function visible(task: Task | null, caller: Principal): Task {
  if (!task || !mayType(caller, task.type)) throw new TaskNotFound();
  return task;
}

/** @throws HttpProblem for a type that the caller's key is not for, or that only administrators may submit */
export function expectTypes(types: Iterable<string>, caller: Principal, registry: HandlerRegistry): void {
  const isAdmin = caller.scopes.includes('admin');
  if (caller.types === null && isAdmin) return;
  for (const type of types) {
    if (!mayType(caller, type))
      throw new HttpProblem(403, 'type_not_allowed', `This key is not for tasks of the type "${type}".`);
    if (!isAdmin && registry.has(type) && registry.get(type).administrative)
      throw new HttpProblem(403, 'type_not_allowed', `Tasks of the type "${type}" need the scope admin.`);
  }
}

/** The types that a list leaves out unless it asks for one: internal ones, and those that the caller may not deal with. */
export function hiddenTypes(filter: TaskFilter, caller: Principal, registry: HandlerRegistry): string[] | undefined {
  if (filter.type !== undefined) return undefined;
  return [...new Set([...registry.internalNames(), ...registry.names().filter((name) => !mayType(caller, name))])];
}
