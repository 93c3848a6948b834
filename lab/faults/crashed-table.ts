import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../parts/run-command.ts';
import { databaseFolderOf } from '../site/mariadb.ts';
import type { Fault } from './fault.ts';

/** In the middle of a row. */
const CUT_AT_BYTES = 30_010;

/** A table of MyISAM that a full disk cut off while it was written. */
export const crashedTable: Fault = {
  name: 'crashed-table',
  description: 'a table of the database was cut off, and cannot be opened',
  async inject({ folder }) {
    const sql = (statements: string) =>
      runCommand(
        [
          'mariadb',
          '--no-defaults',
          `--socket=${join(folder, 'mariadb', 'mysqld.sock')}`,
          '--user=root',
          'wordpress',
        ],
        { stdin: statements },
      );
    await sql(`CREATE OR REPLACE TABLE wp_visits (id INT PRIMARY KEY, visits VARCHAR(20), KEY (visits)) ENGINE=MyISAM;
      INSERT INTO wp_visits SELECT seq, CONCAT('visit ', seq) FROM seq_1_to_3000;
      FLUSH TABLES;`);
    await truncate(join(databaseFolderOf(folder), 'wordpress', 'wp_visits.MYD'), CUT_AT_BYTES);
    await sql('CHECK TABLE wp_visits; FLUSH TABLES;');
  },
  seenQuery: 'mysql_tables_crashed{instance="blog"} > 0',
  alertname: 'DatabaseTablesCrashed',
  instance: 'blog',
  policy: 'repair-tables',
};
