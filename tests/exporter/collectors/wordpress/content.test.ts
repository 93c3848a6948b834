import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { renderMetrics } from '../../../../exporter/metrics/render.ts';
import { startProbedWordPress, type ProbedWordPress } from '../../../helpers/probed-wordpress.ts';
import { readSamples, readSeries } from '../../../helpers/wordpress-series.ts';

let probed: ProbedWordPress;

beforeAll(async () => {
  probed = await startProbedWordPress();
}, 90_000);
afterAll(() => probed.stop(), 60_000);

const timeOf = (date: string) => Date.parse(date) / 1000;

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
  const found = await readSeries(
    probed,
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

test('all that a site tells passes promtool', async () => {
  const page = await renderMetrics(await readSamples(probed));
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: page,
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
