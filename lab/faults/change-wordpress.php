<?php
// What goes wrong in the database of a WordPress: php change-wordpress.php <folder> <address> <what>
[, $folder, $address, $what] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
require $folder . '/wp-load.php';
$hour_ago = time() - 3600;
switch ($what) {
    case 'cron':
        wp_schedule_single_event($hour_ago, 'steward_lab_event');
        break;
    case 'missed-post':
        $post = wp_insert_post([
            'post_title' => 'Should be out', 'post_content' => 'Some words.', 'post_status' => 'future',
            'post_date' => gmdate('Y-m-d H:i:s', time() + 2 * 86400),
        ]);
        $missed = gmdate('Y-m-d H:i:s', $hour_ago);
        $wpdb->update($wpdb->posts, ['post_date' => $missed, 'post_date_gmt' => $missed], ['ID' => $post]);
        break;
    case 'plugin':
        update_option('active_plugins', [...get_option('active_plugins', []), 'steward-lab-broken/steward-lab-broken.php']);
        break;
    case 'outgrown-cache':
        add_option('_transient_timeout_steward_lab', $hour_ago, '', false);
        add_option('_transient_steward_lab', 'what a plugin once worked out', '', false);
}
