<?php
// What people, plugins and time do to a WordPress: php change-wordpress.php <folder> <address> <what>
[, $folder, $address, $what] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
require $folder . '/wp-load.php';
const DAY = 86400;
$write = fn($status, $more = []) => wp_insert_post(
    $more + ['post_title' => 'Some title', 'post_content' => 'Some words.', 'post_status' => $status]
);
/** The days of a post, which WordPress would set itself. */
$date = function ($post, $days, $columns) use ($wpdb) {
    $date = gmdate('Y-m-d H:i:s', time() + $days * DAY);
    $wpdb->update($wpdb->posts, array_fill_keys($columns, $date), ['ID' => $post]);
};
$noted = fn($days, $response = []) => (object) [
    'last_checked' => time() - $days * DAY, 'translations' => [], 'response' => $response,
];
$posts = fn($status) => get_posts(['post_status' => $status, 'numberposts' => -1, 'fields' => 'ids']);
switch ($what) {
    case 'updates':
        $branch = implode('.', array_slice(explode('.', get_bloginfo('version')), 0, 2));
        set_site_transient('update_core', (object) [
            'last_checked' => time(), 'translations' => [],
            'updates' => [(object) ['response' => 'upgrade', 'current' => "$branch.999"]],
        ]);
        set_site_transient('update_plugins', $noted(0, ['akismet/akismet.php' => (object) ['new_version' => '99.9']]));
        set_site_transient('update_themes', $noted(0));
        break;
    case 'no-check':
        $checked = get_site_transient('update_plugins');
        $checked->last_checked = time() - 4 * DAY;
        set_site_transient('update_plugins', $checked);
        break;
    case 'autoload':
        add_option('steward_large', str_repeat('x', 900000), '', true);
        break;
    case 'administrator':
        wp_insert_user(['user_login' => 'unknown', 'user_pass' => wp_generate_password(), 'role' => 'administrator']);
        break;
    case 'pending':
        $date($write('pending'), -8, ['post_modified', 'post_modified_gmt']);
        break;
    case 'draft':
        $date($write('draft'), -100, ['post_modified', 'post_modified_gmt']);
        break;
    case 'no-event':
        $post = $write('future', ['post_date' => gmdate('Y-m-d H:i:s', time() + 9 * DAY)]);
        wp_clear_scheduled_hook('publish_future_post', [$post]);
        break;
    case 'incomplete':
        // Without a title it is complete enough for WordPress.
        $write('future', ['post_title' => '', 'post_date' => gmdate('Y-m-d H:i:s', time() + 9 * DAY)]);
        break;
    case 'rhythm':
        for ($count = 0; $count < 4; $count += 1) $write('publish');
        break;
    case 'silence':
        foreach ($posts('publish') as $post) $date($post, -60, ['post_date', 'post_date_gmt']);
        break;
    case 'horizon':
        foreach ($posts('future') as $post) wp_delete_post($post, true);
        $write('future', ['post_date' => gmdate('Y-m-d H:i:s', time() + DAY)]);
        break;
    default:
        throw new Exception("no such change: $what");
}
