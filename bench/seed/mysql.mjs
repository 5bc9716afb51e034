import { COLUMNS, INSTANTS, rows } from './rows.mjs';

const PER_STATEMENT = 2_000;
const INSTANT_AT = new Set(INSTANTS.map((column) => COLUMNS.indexOf(column)));

/** Fills the selected database, which has the schema. */
export async function seedMysql(connection, count) {
  await connection.query('SET unique_checks = 0, foreign_key_checks = 0');
  let tasks = [];
  let tagged = [];
  const flush = async () => {
    if (tasks.length > 0) await connection.query(`INSERT INTO tasks (${COLUMNS.join(', ')}) VALUES ?`, [tasks]);
    if (tagged.length > 0) await connection.query('INSERT INTO task_tags (tag, task_id) VALUES ?', [tagged]);
    tasks = [];
    tagged = [];
  };
  for (const { id, tags, values } of rows(count, Date.now())) {
    tasks.push(values.map((value, column) => (INSTANT_AT.has(column) && value !== null ? utc(value) : value)));
    for (const tag of tags) tagged.push([tag, id]);
    if (tasks.length === PER_STATEMENT) await flush();
  }
  await flush();
  await connection.query('ANALYZE TABLE tasks, task_tags');
}

function utc(ms) {
  return new Date(ms).toISOString().slice(0, -1).replace('T', ' ');
}
