import { once } from 'node:events';
import { mkdir, rename } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import {
  startProbedWordPress,
  type Answer,
  type ProbedWordPress,
  type SiteChange,
} from '../../helpers/probed-wordpress.ts';

const PARTS = [
  'caches',
  'content',
  'cron',
  'database',
  'debug',
  'load',
  'options',
  'plugins',
  'site_health',
  'themes',
  'updates',
  'users',
  'versions',
];

let wordpress: ProbedWordPress;

beforeAll(async () => {
  wordpress = await startProbedWordPress((path, folder) =>
    [
      `bare: { host: web1, url: 'http://bare.example/', path: '${join(folder, 'bare')}', owner: www-data }`,
      `network: { host: web1, url: 'http://localhost/second/', path: "${path}", owner: www-data }`,
    ].join(', '),
  );
  await mkdir(join(dirname(dirname(wordpress.site.path)), 'bare'));
}, 90_000);
afterAll(() => wordpress.stop(), 60_000);

const at = (path: string) => join(wordpress.site.path, path);
const partsOf = (answer: Answer) => Object.keys(answer.parts).sort();
const errorsOf = (answer: Answer) => answer.errors.map(({ part }) => part).sort();
const messageOf = (answer: Answer, name: string) =>
  answer.errors.find(({ part }) => part === name)?.message ?? '';

/** A line of PHP in wp-config.php before anything else. */
const firstLine = (line: string): SiteChange => ({
  config: (text) => text.replace('<?php', () => `<?php ${line}`),
});
/** A line of PHP in wp-config.php after all that it sets. */
const lastLine = (line: string): SiteChange => ({
  config: (text) => text.replace('require_once', () => `${line} require_once`),
});
const objectCache = (text: string): SiteChange => ({ files: { 'wp-content/object-cache.php': text } });

test('a site as it should be gives every part, and its database is only read', async () => {
  await wordpress.sql(`SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1;`);
  const answer = await wordpress.ask();
  await wordpress.sql('SET GLOBAL general_log = 0;');
  expect(answer).toMatchObject({ version: 1, errors: [], parts: { load: { maintenance: false } } });
  expect(partsOf(answer)).toEqual(PARTS);
  const words =
    await wordpress.sql(`SELECT DISTINCT UPPER(SUBSTRING_INDEX(argument, ' ', 1)) FROM mysql.general_log
    WHERE command_type = 'Query' AND user_host LIKE 'wordpress%' ORDER BY 1;`);
  expect(words.split('\n')).toEqual(['SELECT', 'SET']);
});

describe('a site where something is broken still tells what can be had:', () => {
  test('a plugin, a must-use plugin and a theme that end PHP are not even run', async () => {
    await mkdir(at('wp-content/mu-plugins'), { recursive: true });
    const broken = `<?php /* Plugin Name: Broken */ exit('<html>');`;
    await wordpress.sql(
      `UPDATE wp_options SET option_value = 'a:1:{i:0;s:10:"broken.php";}' WHERE option_name = 'active_plugins';`,
    );
    const answer = await wordpress.askWhile({
      files: {
        'wp-content/mu-plugins/broken.php': broken,
        'wp-content/plugins/broken.php': broken,
        'wp-content/themes/twentytwentythree/functions.php': '<?php (',
      },
    });
    await wordpress.sql(
      `UPDATE wp_options SET option_value = 'a:0:{}' WHERE option_name = 'active_plugins';`,
    );
    expect(answer.errors).toEqual([]);
    expect(answer.parts['plugins']).toMatchObject({ active: 1, must_use: 1 });
  });

  test.each([
    ['has a syntax error', '<?php (', `Unclosed '(' in `],
    ['calls what is not there', '<?php no_such_function();', 'Call to undefined function no_such_function()'],
    ['uses up the memory', '<?php $a = str_repeat("a", 400000000);', 'Allowed memory size of'],
    ['runs for ever', '<?php while (true);', 'Maximum execution time of 5 seconds exceeded'],
    ['ends the program', '<?php exit;', 'wp-config.php or a drop-in ended the program'],
  ])('an object cache that %s', async (_what, text, message) => {
    const answer = await wordpress.askWhile(objectCache(text));
    expect(messageOf(answer, 'load')).toContain(message);
    // Transients are in the cache alone; all else is in files and in the database.
    expect(errorsOf(answer)).toEqual(['load', 'site_health', 'updates']);
  });

  test('files of WordPress are missing, as in the middle of an update', async () => {
    const answer = await wordpress.askWhile({ files: { 'wp-includes/functions.php': undefined } });
    expect(messageOf(answer, 'load')).toContain('functions.php');
    expect(errorsOf(answer)).toEqual(['load']);
    expect(answer.parts['versions']).toMatchObject({ wordpress: expect.stringMatching(/^\d+\.\d/) });
  });

  test('the version file is empty', async () => {
    const answer = await wordpress.askWhile({ files: { 'wp-includes/version.php': '' } });
    expect(errorsOf(answer)).toEqual(expect.arrayContaining(['versions', 'updates']));
    expect(answer.parts['content']).toBeDefined();
  });

  test('it is in maintenance', async () => {
    const answer = await wordpress.askWhile({ files: { '.maintenance': '<?php $upgrading = time();' } });
    expect(answer).toMatchObject({ errors: [], parts: { load: { maintenance: true } } });
  });

  test.each([
    ['exits', 'exit(3);', 'wp-config.php did not get to set DB_HOST'],
    ['throws', 'throw new Exception("no luck");', 'no luck'],
    ['is no PHP', '(((', 'syntax error'],
  ])('wp-config.php %s before it says anything', async (_what, line, message) => {
    const answer = await wordpress.askWhile(firstLine(line));
    expect(messageOf(answer, 'load')).toContain(message);
    expect(partsOf(answer)).toEqual(['versions']);
  });

  test('wp-config.php exits at its end', async () => {
    expect(errorsOf(await wordpress.askWhile(lastLine('exit;')))).toEqual(['load']);
  });

  test('wp-config.php prints: a page, a false answer, and warnings', async () => {
    const line = String.raw`ini_set('display_errors', 1); ob_end_flush(); echo "<html>\n=== steward-wordpress-probe\n{}\n", $undefined;`;
    const answer = await wordpress.askWhile(firstLine(line));
    expect(answer.errors).toEqual([]);
    expect(partsOf(answer)).toEqual(PARTS);
  });

  test('wp-config.php is not there', async () => {
    const answer = await wordpress.ask('bare');
    expect(partsOf(answer)).toEqual([]);
    expect(messageOf(answer, 'load')).toContain('there is no wp-config.php in ');
  });

  test('the password of the database is wrong', async () => {
    const answer = await wordpress.askWhile(firstLine(`define('DB_PASSWORD', 'wrong-secret');`));
    expect(messageOf(answer, 'load')).toContain('Access denied for user');
    expect(partsOf(answer)).toEqual(['caches', 'debug', 'versions']);
    expect(JSON.stringify(answer)).not.toContain('wrong-secret');
  });

  test('the database is down', async () => {
    const control = ['supervisorctl', '-c', wordpress.site.supervisor.configFile] as const;
    await runCommand([...control, 'stop', 'mariadb']);
    const answer = await wordpress.ask();
    await runCommand([...control, 'start', 'mariadb']);
    await waitUntil(() => wordpress.sql('SELECT 1').then(Boolean, () => false), {
      what: 'MariaDB to be back',
    });
    expect(messageOf(answer, 'load')).toMatch(/^the database: /);
    expect(partsOf(answer)).toEqual(['caches', 'debug', 'versions']);
    expect(answer.parts['versions']).toMatchObject({ db_server: '' });
  });

  test('the database takes connections and never says a word', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const answer = await wordpress.askWhile(firstLine(`define('DB_HOST', '127.0.0.1:${port}');`));
    silent.close();
    expect(messageOf(answer, 'load')).toBe('the database: MySQL server has gone away');
    expect(partsOf(answer)).toEqual(['caches', 'debug', 'versions']);
  });

  test('WordPress is not installed in the database', async () => {
    await wordpress.sql(`UPDATE wp_options SET option_name = 'away' WHERE option_name = 'siteurl';`);
    const answer = await wordpress.ask();
    await wordpress.sql(`UPDATE wp_options SET option_name = 'siteurl' WHERE option_name = 'away';`);
    expect(messageOf(answer, 'load')).toBe('WordPress is not installed in this database');
  });

  test('a table is missing', async () => {
    await wordpress.sql('RENAME TABLE wp_posts TO away;');
    const answer = await wordpress.ask();
    await wordpress.sql('RENAME TABLE away TO wp_posts;');
    expect(answer.errors).toEqual([
      { part: 'content', message: expect.stringContaining(`wp_posts' doesn't exist`) },
    ]);
  });
});

describe('a site that is set up in another way is understood:', () => {
  test('wp-content is elsewhere', async () => {
    await rename(at('wp-content'), at('stuff [1]'));
    const answer = await wordpress.askWhile(firstLine(`define('WP_CONTENT_DIR', __DIR__ . '/stuff [1]');`));
    await rename(at('stuff [1]'), at('wp-content'));
    expect(answer.errors).toEqual([]);
    expect(answer.parts).toMatchObject({ plugins: { inactive: 1 }, themes: { active: 1 } });
  });

  test('wp-config.php is one folder up', async () => {
    const above = join(dirname(wordpress.site.path), 'wp-config.php');
    await rename(at('wp-config.php'), above);
    const answer = await wordpress.ask();
    await rename(above, at('wp-config.php'));
    expect(answer.errors).toEqual([]);
  });

  test('it is one site of a network', async () => {
    await makeNetwork();
    const network = lastLine(`define('MULTISITE', true); define('SUBDOMAIN_INSTALL', false);
      define('DOMAIN_CURRENT_SITE', 'localhost'); define('PATH_CURRENT_SITE', '/'); define('SITE_ID_CURRENT_SITE', 1);
      define('BLOG_ID_CURRENT_SITE', 1);`);
    const loaded = await wordpress.askWhile(network, 'network');
    const broken = await wordpress.askWhile({ ...network, ...objectCache('<?php (') }, 'network');
    expect(loaded).toMatchObject({ errors: [], parts: { versions: { multisite: true } } });
    for (const { parts } of [loaded, broken]) {
      expect(parts['content']).toMatchObject({ types: { post: { statuses: { publish: 0, draft: 3 } } } });
      expect(parts['users']).toEqual({ roles: { editor: 1, none: 0 } });
    }
  });

  /** A second site of a network: tables with a number, of which three drafts are in the posts. */
  async function makeNetwork() {
    const copies = ['posts', 'options', 'postmeta', 'terms', 'term_taxonomy', 'term_relationships'].map(
      (name) => `CREATE TABLE wp_2_${name} AS SELECT * FROM wp_${name};`,
    );
    await wordpress.sql(`${copies.join('\n')}
      UPDATE wp_2_posts SET post_status = 'draft', post_type = 'post' WHERE post_status = 'publish';
      DELETE FROM wp_2_posts WHERE post_type = 'page';
      INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'wp_2_capabilities', 'a:1:{s:6:"editor";b:1;}');
      CREATE TABLE wp_blogs (blog_id BIGINT PRIMARY KEY, site_id BIGINT, domain VARCHAR(200), path VARCHAR(100), registered DATETIME,
        last_updated DATETIME, public TINYINT, archived TINYINT, mature TINYINT, spam TINYINT, deleted TINYINT, lang_id INT);
      INSERT INTO wp_blogs VALUES (1, 1, 'localhost', '/', NOW(), NOW(), 1, 0, 0, 0, 0, 0),
        (2, 1, 'localhost', '/second/', NOW(), NOW(), 1, 0, 0, 0, 0, 0);
      CREATE TABLE wp_site (id BIGINT PRIMARY KEY, domain VARCHAR(200), path VARCHAR(100));
      INSERT INTO wp_site VALUES (1, 'localhost', '/');
      CREATE TABLE wp_sitemeta (meta_id BIGINT PRIMARY KEY, site_id BIGINT, meta_key VARCHAR(255), meta_value LONGTEXT);
      INSERT INTO wp_sitemeta VALUES (1, 1, 'site_name', 'Network');
      CREATE TABLE wp_blogmeta (meta_id BIGINT PRIMARY KEY, blog_id BIGINT, meta_key VARCHAR(255), meta_value LONGTEXT);`);
  }
});
