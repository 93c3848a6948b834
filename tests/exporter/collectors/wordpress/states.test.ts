import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wordpress } from '../../../../exporter/collectors/wordpress/wordpress.ts';
import { siteSchema } from '../../../../inventory/schema/site.ts';
import { startProbedWordPress, type ProbedWordPress } from '../../../helpers/probed-wordpress.ts';

let probed: ProbedWordPress;

beforeAll(async () => {
  probed = await startProbedWordPress();
  // What the installation left is the same for all tests: two posts and a page that are published, one page that is a draft.
  await probed.sql(`DELETE FROM wp_posts WHERE post_status = 'auto-draft';`);
}, 90_000);
afterAll(() => probed.stop(), 60_000);

/** The values of the series of a metric, by the values of its labels. */
type Series = Readonly<Record<string, number>>;

/** Asks the real site by the collector, and returns the series of these metrics, without their common prefix. */
async function read(...names: string[]): Promise<Record<string, Series>> {
  const entry = siteSchema.parse({
    host: 'web1',
    url: `${probed.site.url}/`,
    path: probed.site.path,
    owner: 'www-data',
  });
  const target = { id: 'blog', entry, host: probed.host };
  const samples = await wordpress.collect(target, new AbortController().signal);
  const found: Record<string, Record<string, number>> = Object.fromEntries(names.map((name) => [name, {}]));
  for (const { metric, labels, value } of samples) {
    const series = found[metric.name];
    if (series !== undefined) series[Object.values(labels).join(' ')] = value;
  }
  return found;
}

const timeOf = (date: string) => Date.parse(date) / 1000;

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
  const { wordpress_site_health_issues, wordpress_constant_enabled, wordpress_object_cache_enabled } =
    await read(
      'wordpress_site_health_issues',
      'wordpress_constant_enabled',
      'wordpress_object_cache_enabled',
    );
  expect(wordpress_site_health_issues).toEqual({ good: 15, recommended: 4, critical: 2 });
  expect(wordpress_constant_enabled).toMatchObject({
    WP_DEBUG: 0,
    DISALLOW_FILE_EDIT: 0,
    DISABLE_WP_CRON: 1,
  });
  expect(wordpress_object_cache_enabled).toEqual({ '': 0 });
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

test('the queue of content', async () => {
  const now = await probed.php(`
    $add = fn($fields) => wp_insert_post($fields + ['post_title' => 'T', 'post_content' => 'C']);
    $in = fn($seconds) => gmdate('Y-m-d H:i:s', time() + $seconds);
    update_option('timezone_string', 'Pacific/Auckland');
    $add(['post_status' => 'future', 'post_date_gmt' => '2099-03-01 00:00:00', 'post_date' => '2099-03-01 13:00:00']);
    $orphan = $add(['post_status' => 'future', 'post_date_gmt' => '2099-01-01 00:00:00', 'post_date' => '2099-01-01 13:00:00', 'post_title' => '']);
    wp_clear_scheduled_hook('publish_future_post', [$orphan]);
    $missed = $add(['post_status' => 'future', 'post_date_gmt' => '2098-01-01 00:00:00', 'post_date' => '2098-01-01 13:00:00']);
    $wpdb->update($wpdb->posts, ['post_date_gmt' => '2020-01-01 00:00:00', 'post_date' => '2020-01-01 13:00:00'], ['ID' => $missed]);
    $draft = $add(['post_status' => 'draft']);
    $pending = $add(['post_status' => 'pending', 'post_content' => '']);
    $add(['post_status' => 'draft', 'post_type' => 'page']);
    foreach ([[$draft, '2021-02-03 04:05:06'], [$pending, '2022-02-03 04:05:06']] as [$id, $date])
      $wpdb->update($wpdb->posts, ['post_modified_gmt' => $date], ['ID' => $id]);
    $wpdb->query("DELETE FROM $wpdb->posts WHERE post_status = 'publish' AND post_type = 'post'");
    foreach ([3600, 3 * 86400, 30 * 86400] as $ago)
      $add(['post_status' => 'publish', 'post_date_gmt' => $in(-$ago), 'post_date' => get_date_from_gmt($in(-$ago))]);
    $good = $add(['post_status' => 'publish', 'post_date_gmt' => $in(-60 * 86400), 'post_date' => get_date_from_gmt($in(-60 * 86400)),
      'post_category' => [wp_insert_term('News', 'category')['term_id']]]);
    add_post_meta($good, '_thumbnail_id', 1);
    register_post_type('book');
    $add(['post_status' => 'private', 'post_type' => 'book']);
    echo $wpdb->get_var("SELECT UNIX_TIMESTAMP(CONVERT_TZ(MAX(post_date_gmt), '+00:00', @@session.time_zone)) FROM $wpdb->posts WHERE post_status = 'publish' AND post_type = 'post'");`);
  const found = await read(
    'content_posts',
    'content_posts_published_window',
    'content_last_published_timestamp_seconds',
    'content_posts_missed_schedule',
    'content_posts_scheduled_without_cron_event',
    'content_next_scheduled_timestamp_seconds',
    'content_scheduled_horizon_timestamp_seconds',
    'content_oldest_draft_timestamp_seconds',
    'content_oldest_pending_timestamp_seconds',
    'content_posts_invalid',
  );
  expect(found['content_posts']).toMatchObject({
    'post publish': 4,
    'post future': 3,
    'post draft': 1,
    'post pending': 1,
    'page publish': 1,
    'page draft': 2,
    'book private': 1,
    'book publish': 0,
  });
  expect(found['content_posts_published_window']).toMatchObject({
    'post 24h': 1,
    'post 7d': 2,
    'page 24h': 1,
  });
  expect(found['content_last_published_timestamp_seconds']).toMatchObject({ post: Number(now) });
  expect(found['content_posts_missed_schedule']).toEqual({ post: 1, page: 0, book: 0 });
  expect(found['content_posts_scheduled_without_cron_event']).toEqual({ post: 1, page: 0, book: 0 });
  expect(found['content_next_scheduled_timestamp_seconds']).toEqual({ post: timeOf('2099-01-01T00:00:00Z') });
  expect(found['content_scheduled_horizon_timestamp_seconds']).toEqual({
    post: timeOf('2099-03-01T00:00:00Z'),
  });
  expect(found['content_oldest_draft_timestamp_seconds']).toEqual({ '': timeOf('2021-02-03T04:05:06Z') });
  expect(found['content_oldest_pending_timestamp_seconds']).toEqual({ '': timeOf('2022-02-03T04:05:06Z') });
  expect(found['content_posts_invalid']).toMatchObject({
    'publish no_featured_image': 3,
    'publish uncategorized': 3,
    'publish empty_title': 0,
    'future empty_title': 1,
    'future no_featured_image': 3,
    'pending empty_content': 1,
  });
});
