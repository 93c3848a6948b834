import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { database } from '../../../exporter/collectors/database.ts';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { collectAll } from '../../helpers/collect.ts';
import { startProbedWordPress, type ProbedWordPress } from '../../helpers/probed-wordpress.ts';

/** The file of a table whose name is hostile, as MariaDB writes its characters. */
const HOSTILE_FILE = 'wp@0060@003b@0020DROP@0020TABLE@0020wp_other@003b@0020@002d@002d@0020@1o';

let wordpress: ProbedWordPress;
let host: Host;
let data: string;
beforeAll(async () => {
  wordpress = await startProbedWordPress();
  host = wordpress.hardened.open('act');
  data = join((await wordpress.sql('SELECT @@datadir')).trim(), 'wordpress');
}, 90_000);
afterAll(async () => {
  await host.close();
  await wordpress.stop();
}, 60_000);

/** Makes a table of 3000 rows, whose files MariaDB then has closed. The name is as it stands between backticks. */
async function makeTable(name: string, engine: string): Promise<void> {
  await wordpress.sql(`CREATE TABLE \`${name}\` (id INT PRIMARY KEY, visits VARCHAR(20), KEY (visits)) ENGINE=${engine};
    INSERT INTO \`${name}\` SELECT seq, CONCAT('visit ', seq) FROM seq_1_to_3000;
    FLUSH TABLES;`);
}

/** Cuts a MyISAM table's data off in the middle of a row, as a full disk does, and has the server see that. */
async function crash(name: string, file = name): Promise<void> {
  await truncate(join(data, `${file}.MYD`), 30_010);
  await wordpress.sql(`CHECK TABLE \`${name}\`; FLUSH TABLES;`);
}

async function repair() {
  const { kind, stdout, stderr } = await callVerb(host, {
    verb: 'site-repair-tables',
    slots: ['blog'],
    timeoutSeconds: 60,
  });
  return { kind, said: stdout.toString() + stderr.toString() };
}

async function crashedTables(): Promise<number | undefined> {
  const entry = siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data' });
  const samples = await collectAll(database, { id: 'blog', entry, host: wordpress.host });
  return samples.find(({ metric }) => metric.name === 'mysql_tables_crashed')?.value;
}

describe('site-repair-tables', () => {
  test('mends a table that crashed, says how many rows were lost, and looks at no other', async () => {
    await makeTable('wp_visits', 'MyISAM');
    await makeTable('wp_other', 'MyISAM');
    await crash('wp_visits');
    expect(await crashedTables()).toBe(1);
    expect(await repair()).toEqual({
      kind: 'succeeded',
      said: expect.stringMatching(
        /^wp_visits: .*\nwp_visits: Number of rows changed from 3000 to 1500\nwp_visits: OK\nrepaired 1 of 1\n$/,
      ),
    });
    expect(await crashedTables()).toBe(0);
    expect(await wordpress.sql('SELECT COUNT(visits) FROM wp_visits')).toBe('1500');
    expect(await wordpress.sql('SELECT COUNT(visits) FROM wp_other')).toBe('3000');
  });

  test('done again finds nothing to do', async () => {
    expect(await repair()).toEqual({ kind: 'succeeded', said: 'repaired 0 of 0\n' });
  });

  test('takes the name of a table for nothing but a name', async () => {
    await makeTable('wp``; DROP TABLE wp_other; -- ü', 'MyISAM');
    await crash('wp``; DROP TABLE wp_other; -- ü', HOSTILE_FILE);
    const { kind, said } = await repair();
    expect({ kind, end: said.split('\n').at(-2) }).toEqual({ kind: 'succeeded', end: 'repaired 1 of 1' });
    expect(said).toMatch(/^[\x20-\x7e\n]*$/);
    expect(await wordpress.sql('SELECT COUNT(visits) FROM wp_other')).toBe('3000');
  });

  test('forces nothing upon a table without its index, nor upon InnoDB, and mends what else there is', async () => {
    await makeTable('wp_gone', 'MyISAM');
    await makeTable('wp_shop', 'InnoDB');
    const definition = await readFile(join(data, 'wp_shop.frm'));
    await writeFile(join(data, 'wp_shop.frm'), 'damaged');
    await rm(join(data, 'wp_gone.MYI'));
    await crash('wp_other');
    const { kind, said } = await repair();
    expect(kind).toBe('failed');
    expect(said).toContain("wp_gone: Can't find file");
    expect(said).toContain('wp_shop: Incorrect information in file');
    expect(said).toContain('repaired 1 of 3\n');
    await writeFile(join(data, 'wp_shop.frm'), definition);
    await wordpress.sql('FLUSH TABLES');
    expect(await wordpress.sql('SELECT COUNT(*) FROM wp_shop')).toBe('3000');
  });

  test('without a database says so, and not who wanted to log in', async () => {
    const config = join(wordpress.site.path, 'wp-config.php');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/('DB_PASSWORD', ')[^']*/, '$1not-it'));
    const { kind, said } = await repair();
    await writeFile(config, text);
    expect({ kind, said }).toEqual({
      kind: 'failed',
      said: 'it refuses DB_USER with DB_PASSWORD of wp-config.php\n',
    });
  });
});
