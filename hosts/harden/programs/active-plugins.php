<?php
define('SHORTINIT', true);
require './wp-load.php';
if (is_multisite()) {
    fwrite(STDERR, "a network of sites: its plugins are left to people\n");
    exit(1);
}
$words = array_slice($argv, 1);
$mode = array_shift($words);
$active = array_values(array_filter((array) get_option('active_plugins', []), 'is_string'));
$in = function ($file) use ($words) {
    return dirname($file) === $words[0];
};
if ($mode === 'list') {
    foreach (array_filter($active, $in) as $file) {
        echo $file, "\n";
    }
    exit(0);
}
if ($mode === 'remove') {
    $wanted = array_values(array_filter($active, function ($file) use ($in) {
        return !$in($file);
    }));
} else {
    $folder = defined('WP_PLUGIN_DIR') ? WP_PLUGIN_DIR : WP_CONTENT_DIR . '/plugins';
    $back = array_filter($words, function ($file) use ($folder) {
        return strpos($file, '..') === false && is_file("$folder/$file");
    });
    $wanted = array_values(array_unique(array_merge($active, $back)));
    sort($wanted);
}
$wpdb->update($wpdb->options, ['option_value' => serialize($wanted)], ['option_name' => 'active_plugins']);
wp_cache_delete('active_plugins', 'options');
wp_cache_delete('alloptions', 'options');
$changed = count($wanted) - count($active);
echo $changed < 0 ? 'deactivated ' . -$changed : "activated $changed", "\n";
exit($wpdb->last_error === '' ? 0 : 1);
