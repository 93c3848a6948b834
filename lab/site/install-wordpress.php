<?php
// Installs WordPress by its own functions: php install-wordpress.php <folder> <address> <password>
[, $folder, $address, $password] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
define('WP_INSTALLING', true);
define('WP_SITEURL', $address);
require $folder . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
// No message is sent from the lab.
function wp_new_blog_notification() {}
wp_install("Steward's lab", 'admin', 'admin@example.com', false, '', $password);
update_option('siteurl', $address);
update_option('home', $address);
wp_insert_post(['post_title' => 'A site to break', 'post_content' => 'Steward heals it.', 'post_status' => 'publish']);
echo "installed\n";
