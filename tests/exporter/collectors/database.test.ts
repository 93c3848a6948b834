import { execFileSync } from 'node:child_process';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CollectorError } from '../../../exporter/collector-error.ts';
import { database, databaseSamples } from '../../../exporter/collectors/database.ts';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { databaseFolderOf, prepareMariaDb, type LabDatabase } from '../../../lab/site/mariadb.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { collectAll } from '../../helpers/collect.ts';
import { installedDispatcher } from '../../helpers/dispatcher-files.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const WWW_DATA = 33;
const PASSWORD = `it's $1 \\ "secret"`;
const QUOTED = `'it\\'s $1 \\\\ "secret"'`;
const USER = 'blog_account';

let folder: TempFolder;
let mariadb: LabDatabase;
let supervisor: Supervisor;
let hardened: HardenedHost;
let host: Host;

/** wp-config.php of each site, by its id; one below a folder of its own is that of the folder above. */
function configs(): Record<string, string> {
  const config = (changes: Record<string, string> = {}) => {
    const defines = {
      DB_NAME: `'wordpress'`,
      DB_USER: `'${USER}'`,
      DB_PASSWORD: QUOTED,
      DB_HOST: `'localhost:${mariadb.socket}'`,
      ...changes,
    };
    const lines = Object.entries(defines).map(([name, value]) => `define( '${name}', ${value} );`);
    return `<?php\n// define('DB_NAME', 'other');\nfile_put_contents(__DIR__ . '/was-run', '');\n${lines.join('\n')}\n`;
  };
  return {
    good: config(),
    quotes: config({ DB_PASSWORD: String.raw`"it's \$1 \\ \"secret\""` }),
    wrong: config({ DB_PASSWORD: `'not-the-password'` }),
    other: config({ DB_NAME: `'not-there'` }),
    gone: config({ DB_HOST: `'localhost:/nowhere/mysqld.sock'` }),
    port: config({ DB_HOST: `'127.0.0.1:1'` }),
    computed: config({ DB_PASSWORD: `getenv('SECRET')` }),
    joined: config({ DB_PASSWORD: `'a' . 'b'` }),
    twice: `${config()}define('DB_PASSWORD', 'another');`,
    undefined: `<?php define('DB_NAME', 'x');`,
    text: '\xff\0 not PHP',
    huge: `${config()}//${'x'.repeat(300_000)}`,
  };
}

beforeAll(async () => {
  folder = await createTempFolder('steward-database');
  mariadb = await prepareMariaDb(folder.path);
  supervisor = await startSupervisor(folder.path, [mariadb.program]);
  const sites = join(folder.path, 'sites');
  await mkdir(join(sites, 'none', 'deep'), { recursive: true });
  await mkdir(join(sites, 'above', 'public'), { recursive: true });
  const files = { ...configs(), above: configs()['good'] ?? '' };
  for (const [id, text] of Object.entries(files)) {
    const file = join(sites, id, 'wp-config.php');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, 'latin1');
    await chown(dirname(file), WWW_DATA, WWW_DATA);
  }
  const paths = Object.fromEntries(Object.keys(files).map((id) => [id, join(sites, id)]));
  const entries = { ...paths, above: join(sites, 'above', 'public'), none: join(sites, 'none', 'deep') };
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ ${Object.entries(entries)
      .map(([id, path]) => `${id}: { host: web1, url: 'http://x/', path: '${path}', owner: www-data }`)
      .join(', ')} }`,
  });
  host = hardened.open('read');
  await waitUntil(() => mariadb.isReady(), { what: 'MariaDB to answer' });
  await mariadb.execute(`
    CREATE DATABASE wordpress;
    CREATE TABLE wordpress.posts (id INT) ENGINE=MyISAM;
    CREATE USER ${USER}@localhost IDENTIFIED BY '${PASSWORD.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}';
    GRANT ALL ON wordpress.* TO ${USER}@localhost;`);
}, 60_000);

afterAll(async () => {
  await host.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
}, 60_000);

const entry = siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data' });

async function valuesOf(id: string): Promise<Record<string, number>> {
  const samples = await collectAll(database, { id, entry, host });
  return Object.fromEntries(samples.map(({ metric, value }) => [metric.name, value]));
}

async function failureOf(id: string) {
  const error: unknown = await valuesOf(id).then(
    () => new Error(`${id} is up`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof CollectorError)) throw error;
  return {
    reason: error.reason,
    message: error.message,
    values: error.samples.map(({ metric, value }) => `${metric.name} ${value}`),
  };
}

describe('the database of a site', () => {
  test('tells its figures, and wp-config.php was not run', async () => {
    const values = await valuesOf('good');
    expect(Object.keys(values).toSorted()).toEqual(database.metrics.map(({ name }) => name).toSorted());
    expect(values).toMatchObject({
      mysql_up: 1,
      mysql_global_status_threads_connected: 1,
      mysql_global_variables_max_connections: 151,
      mysql_tables_crashed: 0,
    });
    expect(values['mysql_global_status_questions_total']).toBeGreaterThan(0);
    await expect(readFile(join(folder.path, 'sites/good/was-run'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is found by a password in double quotes, and by a wp-config.php one folder up', async () => {
    expect(await valuesOf('quotes')).toMatchObject({ mysql_up: 1 });
    expect(await valuesOf('above')).toMatchObject({ mysql_up: 1 });
  });

  test.each([
    ['wrong', 'refused', 'DB_USER with DB_PASSWORD'],
    ['other', 'refused', 'DB_NAME'],
    ['gone', 'unreachable', 'No such file'],
    ['port', 'unreachable', 'refused'],
  ])('that the site cannot use is down: %s', async (id, reason, message) => {
    const failure = await failureOf(id);
    expect(failure).toMatchObject({ reason, values: ['mysql_up 0'] });
    expect(failure.message).toContain(message);
  });

  test.each([
    ['computed', 'computes DB_PASSWORD'],
    ['joined', 'computes DB_PASSWORD'],
    ['twice', 'defines DB_PASSWORD more than once'],
    ['undefined', 'does not define DB_HOST'],
    ['text', 'does not define DB_HOST'],
    ['huge', 'larger than'],
    ['none', 'there is no wp-config.php'],
  ])('that was not asked is not said to be down: %s', async (id, message) => {
    const failure = await failureOf(id);
    expect(failure).toMatchObject({ reason: 'refused', values: [] });
    expect(failure.message).toContain(message);
  });

  test('is asked without its credentials leaving the host', async () => {
    for (const id of ['good', 'wrong', 'other', 'computed', 'twice']) {
      const outcome = await callVerb(host, {
        verb: 'site-database',
        slots: [id],
        timeoutSeconds: 7,
        outputLimitBytes: 10_000,
      });
      const said = `${outcome.stdout.toString()}${outcome.stderr.toString()}`;
      expect(said).not.toContain(USER);
      expect(said).not.toMatch(/secret|not-the-password|another/);
    }
  });

  test('counts a table that cannot be opened', async () => {
    await mariadb.execute('FLUSH TABLES;');
    const frm = join(databaseFolderOf(folder.path), 'wordpress', 'posts.frm');
    const before = await readFile(frm);
    await writeFile(frm, 'damaged');
    await mariadb.execute('FLUSH TABLES;');
    expect(await valuesOf('good')).toMatchObject({ mysql_up: 1, mysql_tables_crashed: 1 });
    await writeFile(frm, before);
  });

  test('that hangs or was killed is down, and is up again when it was started', async () => {
    const pid = await supervisor.pidOf('mariadb');
    process.kill(pid, 'SIGSTOP');
    const hung = await failureOf('good');
    process.kill(pid, 'SIGCONT');
    expect(hung).toMatchObject({ reason: 'unreachable', values: ['mysql_up 0'] });
    const control = ['supervisorctl', '-c', supervisor.configFile] as const;
    process.kill(pid, 'SIGKILL');
    await waitUntil(async () => !(await mariadb.isReady()), { what: 'MariaDB to be gone' });
    expect(await failureOf('good')).toMatchObject({ reason: 'unreachable', values: ['mysql_up 0'] });
    await runCommand([...control, 'start', 'mariadb']);
    await waitUntil(() => mariadb.isReady(), { what: 'MariaDB to be back' });
    expect(await valuesOf('good')).toMatchObject({ mysql_up: 1 });
  }, 40_000);

  test('of a PHP without mysqli says which package to install', async () => {
    const { partsPath } = await installedDispatcher(hardened.user);
    const modules = ['-n', '-d', 'extension=tokenizer', '-f', `${partsPath}/php/site-database.php`];
    const printed = execFileSync('php', [...modules, '--', join(folder.path, 'sites/good')], {
      encoding: 'utf8',
    });
    expect(() => databaseSamples(printed)).toThrow(/php-mysql/);
  });
});

test.each([
  ['nothing', ''],
  ['a page', '<html>'],
  ['a negative figure', '{"state":"up","Threads_connected":-1}'],
  ['another state', '{"state":"sideways"}'],
])('%s is a bad answer', (_what, printed) => {
  expect(() => databaseSamples(printed)).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
});
