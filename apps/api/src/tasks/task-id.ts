import { TaskNotFound } from '@app/tasks';

const TASK_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for a text that has the form of a task's id. */
export function isTaskId(text: string): boolean {
  return TASK_ID.test(text);
}

/** The id as the store writes it. @throws TaskNotFound for what cannot be an id */
export function readTaskId(text: string): string {
  const id = text.toLowerCase();
  if (!isTaskId(id)) throw new TaskNotFound();
  return id;
}
