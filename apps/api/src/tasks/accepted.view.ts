/** The answer to a submission: the row is committed. */
export interface AcceptedView {
  task_id: string;
  message: string;
  status: 'PENDING';
}

/** The answer to a batch, in the order of its submissions. */
export interface BatchAcceptedView {
  message: string;
  items: Pick<AcceptedView, 'task_id' | 'status'>[];
}

export function accepted([id]: readonly string[]): AcceptedView {
  return { task_id: id!, message: 'Task submitted successfully', status: 'PENDING' };
}

export function batchAccepted(ids: readonly string[]): BatchAcceptedView {
  return { message: 'Tasks submitted successfully', items: ids.map((id) => ({ task_id: id, status: 'PENDING' })) };
}
