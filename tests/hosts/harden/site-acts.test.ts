import { mkdir, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import type { VerbName } from '../../../hosts/verbs.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { startProbedWordPress, type ProbedWordPress } from '../../helpers/probed-wordpress.ts';

let wordpress: ProbedWordPress;
let host: Host;
beforeAll(async () => {
  wordpress = await startProbedWordPress();
  host = wordpress.hardened.open('act');
}, 90_000);
afterAll(async () => {
  await host.close();
  await wordpress.stop();
}, 60_000);

const at = (path: string) => join(wordpress.site.path, path);
const said = (outcome: Outcome) => outcome.stdout.toString() + outcome.stderr.toString();
const act = (verb: VerbName, ...slots: string[]) => callVerb(host, { verb, slots, timeoutSeconds: 60 });
const exists = (path: string) =>
  readFile(at(path)).then(
    () => true,
    () => false,
  );

/** Writes files of the site, as its owner has them. */
async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), text);
  }
  await runCommand(['chown', '-R', 'www-data:www-data', at('wp-content')]);
}

describe('site-run-cron', () => {
  test('runs what is due, once', async () => {
    await put({
      'wp-content/mu-plugins/probe.php':
        "<?php add_action('steward_due', function () { update_option('steward_runs', 1 + (int) get_option('steward_runs')); });",
    });
    await wordpress.php("wp_schedule_single_event(time() - 3600, 'steward_due');");
    expect(await act('site-run-cron', 'blog')).toMatchObject({ kind: 'succeeded' });
    expect(await act('site-run-cron', 'blog')).toMatchObject({ kind: 'succeeded' });
    expect(await wordpress.php("echo get_option('steward_runs');")).toBe('1');
    expect((await wordpress.ask()).parts['cron']).toMatchObject({ overdue: 0 });
  });

  test('says so where an event breaks', async () => {
    await put({
      'wp-content/mu-plugins/probe.php':
        "<?php add_action('steward_bad', function () { throw new Error('on purpose'); });",
    });
    await wordpress.php("wp_schedule_single_event(time() - 3600, 'steward_bad');");
    const outcome = await act('site-run-cron', 'blog');
    expect(outcome).toMatchObject({ kind: 'failed', exitCode: 255 });
    expect(said(outcome)).toContain('on purpose');
    await rm(at('wp-content/mu-plugins'), { recursive: true });
  });
});

test('site-publish-missed publishes what missed its time, and nothing that is still to come', async () => {
  const insert = (title: string, date: string) =>
    `wp_insert_post(['post_title' => '${title}', 'post_status' => 'future', 'post_content' => 'x',
      'post_date' => gmdate('Y-m-d H:i:s', ${date}), 'post_date_gmt' => gmdate('Y-m-d H:i:s', ${date})]);`;
  await wordpress.php(`${insert('late', 'time() + 60')} ${insert('early', 'time() + 86400')}`);
  await wordpress.sql(
    "UPDATE wp_posts SET post_date_gmt = UTC_TIMESTAMP() - INTERVAL 1 HOUR, post_date = UTC_TIMESTAMP() - INTERVAL 1 HOUR WHERE post_title = 'late'",
  );
  expect(said(await act('site-publish-missed', 'blog'))).toBe('published 1 of 1\n');
  expect(
    await wordpress.sql(
      "SELECT post_title, post_status FROM wp_posts WHERE post_title IN ('late', 'early') ORDER BY 1",
    ),
  ).toBe('early\tfuture\nlate\tpublish');
  expect(said(await act('site-publish-missed', 'blog'))).toBe('published 0 of 0\n');
});

test('site-clear-caches empties page caches and old transients, follows no link, and works where a plugin breaks the site', async () => {
  await wordpress.php("set_transient('steward_new', 1, 3600); set_transient('steward_old', 1, 3600);");
  await wordpress.sql(
    "UPDATE wp_options SET option_value = '1' WHERE option_name = '_transient_timeout_steward_old'",
  );
  await put({
    'wp-content/cache/supercache/blog/index.html': 'old page',
    'wp-content/cache/other-plugin/keep.txt': 'mine',
    'wp-content/elsewhere/keep.html': 'mine',
    'wp-content/mu-plugins/broken.php': "<?php throw new Error('on purpose');",
  });
  await symlink(at('wp-content/elsewhere'), at('wp-content/cache/supercache/link'));
  await symlink(at('wp-content/elsewhere'), at('wp-content/cache/wp-rocket'));
  expect(said(await act('site-clear-caches', 'blog'))).toBe(
    'object cache emptied, 1 files of page caches removed\n',
  );
  await rm(at('wp-content/mu-plugins'), { recursive: true });
  expect(await readdir(at('wp-content/cache/supercache/blog'))).toEqual([]);
  expect(await exists('wp-content/cache/other-plugin/keep.txt')).toBe(true);
  expect(await exists('wp-content/elsewhere/keep.html')).toBe(true);
  expect(
    await wordpress.sql("SELECT option_name FROM wp_options WHERE option_name LIKE '_transient_steward%'"),
  ).toBe('_transient_steward_new');
});

describe('site-remove-maintenance', () => {
  test('removes a file that is older than ten minutes', async () => {
    await writeFile(at('.maintenance'), '<?php $upgrading = 1;');
    await runCommand(['chown', 'www-data', at('.maintenance')]);
    const old = Date.now() / 1000 - 700;
    await utimes(at('.maintenance'), old, old);
    expect(await act('site-remove-maintenance', 'blog')).toMatchObject({ kind: 'succeeded' });
    expect(await exists('.maintenance')).toBe(false);
    expect(await act('site-remove-maintenance', 'blog')).toMatchObject({ kind: 'succeeded' });
  });

  test('leaves that of an update that may still run', async () => {
    await writeFile(at('.maintenance'), '<?php $upgrading = 1;');
    const outcome = await act('site-remove-maintenance', 'blog');
    expect(outcome).toMatchObject({ kind: 'failed', exitCode: 1 });
    expect(said(outcome)).toContain('an update may still run');
    expect(await exists('.maintenance')).toBe(true);
    await rm(at('.maintenance'));
  });
});

describe('site-deactivate-plugin', () => {
  const active = () => wordpress.php("echo implode(' ', get_option('active_plugins'));");
  let runs = 0;
  let run = '';
  beforeEach(async () => {
    runs += 1;
    run = `plugin-${runs}`;
    await put({
      'wp-content/plugins/acme/acme.php': '<?php /* Plugin Name: Acme */',
      'wp-content/plugins/acme-pro/pro.php': '<?php /* Plugin Name: Acme Pro */',
    });
    await wordpress.php("update_option('active_plugins', ['acme-pro/pro.php', 'acme/acme.php']);");
  });

  test('takes out that plugin alone, while it breaks the site, and its undo puts it back', async () => {
    await put({ 'wp-content/plugins/acme/acme.php': "<?php throw new Error('on purpose');" });
    expect(said(await act('site-deactivate-plugin', 'blog', 'acme', run))).toBe('deactivated 1\n');
    expect(await active()).toBe('acme-pro/pro.php');
    await put({ 'wp-content/plugins/acme/acme.php': '<?php /* Plugin Name: Acme */' });
    expect(said(await act('site-activate-plugin', 'blog', run))).toBe('activated 1\n');
    expect(said(await act('site-activate-plugin', 'blog', run))).toBe('activated 0\n');
    expect(await active()).toBe('acme-pro/pro.php acme/acme.php');
  });

  test('done twice in one run keeps what its undo needs', async () => {
    await act('site-deactivate-plugin', 'blog', 'acme', run);
    expect(said(await act('site-deactivate-plugin', 'blog', 'acme', run))).toBe('activated 0\n');
    expect(said(await act('site-activate-plugin', 'blog', run))).toBe('activated 1\n');
  });

  test('a plugin that was removed meanwhile is not put back', async () => {
    await act('site-deactivate-plugin', 'blog', 'acme', run);
    await rm(at('wp-content/plugins/acme'), { recursive: true });
    expect(said(await act('site-activate-plugin', 'blog', run))).toBe('activated 0\n');
    expect(await active()).toBe('acme-pro/pro.php');
  });

  test.each(['acm', 'none', 'acme.php'])(
    '%j, which is no folder of an active plugin, takes out nothing',
    async (slug) => {
      const outcome = await act('site-deactivate-plugin', 'blog', slug, run);
      expect(outcome).toMatchObject({ kind: 'failed', exitCode: 1 });
      expect(said(outcome)).toContain('no active plugin has that folder');
      expect(await active()).toBe('acme-pro/pro.php acme/acme.php');
    },
  );

  test('without a snapshot of the run there is nothing to put back', async () => {
    expect(said(await act('site-activate-plugin', 'blog', 'never'))).toContain(
      'there is no snapshot of that run',
    );
  });
});
