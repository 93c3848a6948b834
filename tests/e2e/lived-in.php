<?php
// What people leave in a site: php lived-in.php <folder> <address>
[, $folder, $address] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
require $folder . '/wp-load.php';
$write = fn($title, $status, $more = []) => wp_insert_post(
    ['post_title' => $title, 'post_content' => 'Some words.', 'post_status' => $status] + $more
);
$write('Next week', 'future', ['post_date' => gmdate('Y-m-d H:i:s', time() + 2 * 86400)]);
$write('Half done', 'draft');
// WordPress notes when such a post was changed from its second saving on.
wp_update_post(['ID' => $write('To be read by somebody', 'pending')]);
$branch = implode('.', array_slice(explode('.', get_bloginfo('version')), 0, 2));
$noted = fn($response) => (object) ['last_checked' => time(), 'translations' => [], 'response' => $response];
set_site_transient('update_core', (object) [
    'last_checked' => time(), 'translations' => [],
    'updates' => [(object) ['response' => 'upgrade', 'current' => "$branch.999"]],
]);
set_site_transient('update_plugins', $noted(['akismet/akismet.php' => (object) ['new_version' => '99.9']]));
set_site_transient('update_themes', $noted([]));
set_transient('health-check-site-status-result', '{"good":15,"recommended":4,"critical":2}');
