import { DutyStore } from '@app/tasks';
import type { Sql } from './sql.js';

/** See {@link DutyStore} for what the methods mean. */
export class SqlDutyStore extends DutyStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async take(name: string, holder: string, ms: number): Promise<boolean> {
    const { now, ahead } = this.sql;
    const [, taken] = await this.sql.together(
      [
        {
          sql: `INSERT INTO duties (name, holder, until_at) VALUES (?, ?, ${now}) ${this.sql.onDuplicate(['name'], [])}`,
          params: [name, holder],
        },
        {
          sql: `UPDATE duties SET holder = ?, until_at = ${ahead} WHERE name = ? AND (holder = ? OR until_at <= ${now})`,
          params: [holder, ms, name, holder],
        },
      ],
      true,
    );
    return taken === 1;
  }
}
