import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProbedWordPress, type ProbedWordPress } from '../../../helpers/probed-wordpress.ts';
import { readSeries } from '../../../helpers/wordpress-series.ts';

let probed: ProbedWordPress;

beforeAll(async () => {
  probed = await startProbedWordPress();
  // What the installation left is the same for all tests: two posts and a page that are published, one page that is a draft.
  await probed.sql(`DELETE FROM wp_posts WHERE post_status = 'auto-draft';`);
}, 90_000);
afterAll(() => probed.stop(), 60_000);

const read = (...names: string[]) => readSeries(probed, ...names);

test('a site as it was installed', async () => {
  const { wordpress_up, wordpress_probe_part_success, wordpress_info, wordpress_maintenance_file } =
    await read(
      'wordpress_up',
      'wordpress_probe_part_success',
      'wordpress_info',
      'wordpress_maintenance_file',
    );
  expect(wordpress_up).toEqual({ '': 1 });
  expect(Object.values(wordpress_probe_part_success ?? {})).toEqual(Array(13).fill(1));
  expect(wordpress_maintenance_file).toEqual({ '': 0 });
  const [versions = ''] = Object.keys(wordpress_info ?? {});
  const version = await probed.php(
    'echo get_bloginfo("version"), " ", PHP_VERSION, " ", $wpdb->get_var("SELECT VERSION()");',
  );
  expect(versions).toBe(`${version} en_US false`);
});

test('a site whose object cache is broken is down, and all but what is in the cache is still had', async () => {
  const file = join(probed.site.path, 'wp-content', 'object-cache.php');
  await writeFile(file, '<?php (');
  const { wordpress_up, wordpress_probe_part_success, wordpress_object_cache_enabled } = await read(
    'wordpress_up',
    'wordpress_probe_part_success',
    'wordpress_object_cache_enabled',
  );
  await rm(file);
  expect(wordpress_up).toEqual({ '': 0 });
  expect(wordpress_object_cache_enabled).toEqual({ '': 1 });
  const missing = Object.entries(wordpress_probe_part_success ?? {}).filter(([, value]) => value === 0);
  expect(missing.map(([part]) => part)).toEqual(['load', 'updates', 'site_health']);
});

describe('updates', () => {
  const names = [
    'wordpress_core_update_available',
    'wordpress_core_auto_update_enabled',
    'wordpress_extension_updates',
    'wordpress_update_check_timestamp_seconds',
  ] as const;

  test('are unknown before WordPress asked for any', async () => {
    await probed.php(`foreach (['core', 'plugins', 'themes'] as $of) delete_site_transient("update_$of");`);
    expect(await read(...names)).toEqual({
      wordpress_core_update_available: {},
      wordpress_core_auto_update_enabled: { minor: 1, major: 1 },
      wordpress_extension_updates: {},
      wordpress_update_check_timestamp_seconds: {},
    });
  });

  test('are those that WordPress noted', async () => {
    await probed.php(`
      $branch = implode('.', array_slice(explode('.', get_bloginfo('version')), 0, 2));
      $core = fn($version) => (object) ['response' => 'upgrade', 'current' => $version];
      set_site_transient('update_core', (object) ['last_checked' => 1000, 'translations' => [['slug' => 'default']],
        'updates' => [$core('99.1'), $core("$branch.999"), $core('3.0')]]);
      set_site_transient('update_plugins', (object) ['last_checked' => 2000, 'translations' => [],
        'response' => ['akismet/akismet.php' => (object) ['new_version' => '9.9']]]);
      set_site_transient('update_themes', (object) ['last_checked' => 3000, 'translations' => [],
        'response' => ['twentytwentythree' => ['new_version' => '8.8']]]);
      update_site_option('auto_update_core_major', 'disabled');`);
    expect(await read(...names)).toEqual({
      wordpress_core_update_available: { minor: 1, major: 1 },
      wordpress_core_auto_update_enabled: { minor: 1, major: 0 },
      wordpress_extension_updates: { plugin: 1, theme: 1, translation: 1 },
      wordpress_update_check_timestamp_seconds: { core: 1000, plugin: 2000, theme: 3000 },
    });
    const { wordpress_extension_info } = await read('wordpress_extension_info');
    expect(Object.keys(wordpress_extension_info ?? {})).toEqual([
      expect.stringMatching(/^plugin akismet \S+ inactive 9\.9$/),
      expect.stringMatching(/^theme twentytwentythree \S+ active 8\.8$/),
    ]);
  });
});

test('plugins are counted by state, and themes', async () => {
  const plugin = (name: string) => `<?php\n/*\n * Plugin Name: ${name}\n * Version: 1.2\n */\n`;
  const content = join(probed.site.path, 'wp-content');
  await mkdir(join(content, 'mu-plugins'), { recursive: true });
  await mkdir(join(content, 'plugins', 'one [1]'));
  await writeFile(join(content, 'plugins', 'one [1]', 'main.php'), plugin('One'));
  await writeFile(join(content, 'plugins', 'one [1]', 'helper.php'), '<?php // no plugin');
  await writeFile(join(content, 'plugins', 'single.php'), plugin('Single'));
  await writeFile(join(content, 'mu-plugins', 'must.php'), plugin('Must'));
  await writeFile(join(content, 'db-error.php'), '<?php');
  await probed.php(`update_option('active_plugins', ['one [1]/main.php', 'gone/gone.php']);
    update_site_option('auto_update_plugins', ['single.php']);`);
  const { wordpress_extensions, wordpress_extensions_auto_update, wordpress_extension_info } = await read(
    'wordpress_extensions',
    'wordpress_extensions_auto_update',
    'wordpress_extension_info',
  );
  expect(wordpress_extensions).toEqual({
    'plugin active': 1,
    'plugin inactive': 2,
    'plugin must_use': 1,
    'plugin dropin': 1,
    'theme active': 1,
    'theme inactive': 0,
  });
  expect(wordpress_extensions_auto_update).toEqual({ plugin: 1, theme: 0 });
  expect(Object.keys(wordpress_extension_info ?? {})).toEqual(
    expect.arrayContaining(['plugin one [1] 1.2 active ', 'plugin single 1.2 inactive ']),
  );
});

test('Site Health and constants', async () => {
  await probed.php(
    `set_transient('health-check-site-status-result', '{"good":15,"recommended":4,"critical":"2"}');`,
  );
  const found = await read(
    'wordpress_site_health_issues',
    'wordpress_debug_enabled',
    'wordpress_constant_enabled',
  );
  expect(found['wordpress_site_health_issues']).toEqual({ good: 15, recommended: 4, critical: 2 });
  expect(found['wordpress_debug_enabled']).toMatchObject({
    WP_DEBUG: 0,
    WP_DEBUG_LOG: 0,
    WP_DEBUG_DISPLAY: 1,
  });
  expect(found['wordpress_constant_enabled']).toMatchObject({ DISALLOW_FILE_EDIT: 0, DISABLE_WP_CRON: 1 });
});

test('with a persistent object cache, updates are those that stand there', async () => {
  const file = join(probed.site.path, 'wp-content', 'object-cache.php');
  await writeFile(
    file,
    `<?php
    function wp_cache_init() {}
    function wp_cache_add_global_groups() {}
    function wp_cache_add_non_persistent_groups() {}
    function wp_cache_add() { return true; }
    function wp_cache_set() { return true; }
    function wp_cache_get($key, $group = '') {
      return "$group $key" === 'site-transient update_plugins' ? (object) ['last_checked' => 7, 'response' => range(1, 42)] : false;
    }`,
  );
  const found = await read('wordpress_up', 'wordpress_extension_updates', 'wordpress_object_cache_enabled');
  await rm(file);
  expect(found).toEqual({
    wordpress_up: { '': 1 },
    wordpress_extension_updates: { plugin: 42 },
    wordpress_object_cache_enabled: { '': 1 },
  });
});

test('cron: events, those overdue, those twice, and the first', async () => {
  await probed.php(`_set_cron_array([]);
    wp_schedule_event(1000, 'daily', 'first');
    wp_schedule_single_event(time() + 5000, 'later', [1]);
    $crons = _get_cron_array();
    $crons[time() + 9000] = $crons[1000];
    _set_cron_array($crons);`);
  expect(
    await read(
      'wordpress_cron_events',
      'wordpress_cron_events_overdue',
      'wordpress_cron_duplicate_events',
      'wordpress_cron_oldest_due_timestamp_seconds',
      'wordpress_cron_spawn_disabled',
    ),
  ).toEqual({
    wordpress_cron_events: { '': 3 },
    wordpress_cron_events_overdue: { '': 1 },
    wordpress_cron_duplicate_events: { '': 1 },
    wordpress_cron_oldest_due_timestamp_seconds: { '': 1000 },
    wordpress_cron_spawn_disabled: { '': 1 },
  });
});

test('the table of options, and the size of the database', async () => {
  const names = [
    'wordpress_autoload_options',
    'wordpress_autoload_size_bytes',
    'wordpress_transients',
    'wordpress_transients_expired',
  ];
  const before = await read(...names);
  await probed.sql(`INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('big', REPEAT('x', 5000), 'yes'),
    ('big2', REPEAT('x', 700), 'auto-on'), ('not', REPEAT('x', 5000), 'off'),
    ('_transient_timeout_old', '1000', 'no'), ('_transient_old', 'x', 'no'), ('_site_transient_new', 'x', 'no');
    CREATE TABLE other_plugin (a INT); INSERT INTO other_plugin VALUES (1);`);
  const after = await read(...names, 'wordpress_db_tables', 'wordpress_db_size_bytes');
  const grown = names.map((name) => (after[name]?.[''] ?? NaN) - (before[name]?.[''] ?? NaN));
  expect(grown).toEqual([2, 5700, 2, 1]);
  expect(after['wordpress_db_tables']).toEqual({ core: 12, other: 1 });
  expect(after['wordpress_db_size_bytes']?.['core data']).toBeGreaterThan(10_000);
  expect(after['wordpress_db_size_bytes']?.['other data']).toBeGreaterThan(0);
});

test('users by role', async () => {
  await probed.php(`add_role('shop_manager', 'Shop');
    foreach (['editor', 'editor', 'shop_manager', ''] as $index => $role)
      wp_insert_user(['user_login' => "u$index", 'user_pass' => 'x', 'user_email' => "u$index@example.com", 'role' => $role]);
    get_user_by('login', 'u2')->add_role('author');`);
  expect(await read('wordpress_users')).toEqual({
    wordpress_users: {
      administrator: 1,
      editor: 2,
      author: 1,
      contributor: 0,
      subscriber: 0,
      none: 1,
      shop_manager: 1,
      other: 0,
    },
  });
});
