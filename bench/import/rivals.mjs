import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { createConnection } from 'mysql2/promise';
import { FIELDS } from './csv-file.mjs';
import { withDatabase } from './database.mjs';

/** The naive way is measured on so many rows at most. */
const MOST_NAIVE = 20_000;
const COLUMNS = FIELDS.map((field) => `\`${field}\` VARCHAR(100)`).join(', ');

/** What the server can do at most. */
export function loadData({ path }) {
  const sql = `LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE t FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' IGNORE 1 LINES`;
  return measured('LOAD DATA LOCAL INFILE', (connection) =>
    connection.query({ sql, infileStreamFactory: () => createReadStream(path) }),
  );
}

/** What is written without a thought. */
export async function oneByOne({ path, rows }) {
  const sql = `INSERT INTO t VALUES (${FIELDS.map(() => '?').join(', ')})`;
  const result = await measured('csv-parse, one INSERT a row', async (connection) => {
    const records = createReadStream(path).pipe(parse({ from: 2, to: MOST_NAIVE + 1 }));
    for await (const record of records) await connection.query(sql, record);
  });
  return { ...result, count: Math.min(rows, MOST_NAIVE) };
}

function measured(what, work) {
  return withDatabase(async ({ url }) => {
    const connection = await createConnection({ uri: url, flags: ['+LOCAL_FILES'] });
    try {
      await connection.query(`CREATE TABLE t (${COLUMNS})`);
      const startedAt = performance.now();
      await work(connection);
      return { what, seconds: (performance.now() - startedAt) / 1000 };
    } finally {
      await connection.end();
    }
  });
}
