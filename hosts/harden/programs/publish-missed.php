<?php
require './wp-load.php';
global $wpdb;
$ids = $wpdb->get_col("SELECT ID FROM $wpdb->posts WHERE post_status = 'future' AND post_date_gmt < UTC_TIMESTAMP()
  AND post_date_gmt > '0000-00-00 00:00:00' ORDER BY post_date_gmt LIMIT 100");
$published = 0;
foreach ($ids as $id) {
    // A plugin may have changed it meanwhile.
    if (get_post_status((int) $id) !== 'future') {
        continue;
    }
    wp_publish_post((int) $id);
    $published += get_post_status((int) $id) === 'publish' ? 1 : 0;
}
echo "published $published of ", count($ids), "\n";
