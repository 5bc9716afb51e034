import { ActionStore, type ActionError, type ActionState, type ActionWork, type BulkAction } from '@app/tasks';
import type { Sql } from './sql.js';

interface Row {
  id: string;
  action: BulkAction;
  status: ActionState['status'];
  position: string;
  request: string;
  total: number;
  done: number;
  failed: number;
  errors: string;
}

/** See {@link ActionStore} for what the methods mean. */
export class SqlActionStore extends ActionStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async begin(id: string, action: BulkAction, work: ActionWork, total: number): Promise<void> {
    const { now } = this.sql;
    await this.sql.together([
      {
        sql: `INSERT INTO bulk_actions (id, action, status, request, position, total, errors, created_at, updated_at)
              VALUES (?, ?, 'RUNNING', ?, '0', ?, '[]', ${now}, ${now})`,
        params: [id, action, JSON.stringify(work), total],
      },
    ]);
  }

  async find(id: string): Promise<ActionState | null> {
    const one = this.sql.among([id]);
    const [row] = await this.sql.rows<Row>(
      `SELECT id, action, status, position, request, total, done, failed, errors FROM bulk_actions WHERE id IN ${one.sql}`,
      one.params,
    );
    if (!row) return null;
    const { position, request, errors, ...state } = row;
    return { ...state, step: Number(position), work: workOf(request), errors: JSON.parse(errors) as ActionError[] };
  }

  async advance({ id, status, step, work, total, done, failed, errors }: ActionState): Promise<boolean> {
    const [advanced] = await this.sql.together([
      {
        sql: `UPDATE bulk_actions SET status = ?, position = ?, request = ?, total = ?, done = ?, failed = ?, errors = ?,
                updated_at = ${this.sql.now} WHERE id = ? AND position = ? AND status = 'RUNNING'`,
        params: [
          ...[status, String(step), JSON.stringify(work), total, done, failed],
          ...[JSON.stringify(errors), id, String(step - 1)],
        ],
      },
    ]);
    return advanced === 1;
  }
}

/** Instants come back from JSON as texts. */
function workOf(json: string): ActionWork {
  const work = JSON.parse(json) as ActionWork;
  if (work.rest && 'filter' in work.rest) {
    const { filter } = work.rest;
    if (filter.createdAfter) filter.createdAfter = new Date(filter.createdAfter);
    if (filter.createdBefore) filter.createdBefore = new Date(filter.createdBefore);
  }
  return work;
}
