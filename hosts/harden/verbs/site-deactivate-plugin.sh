# Takes a plugin, by the name of its folder, out of the list that WordPress loads. No plugin's code runs for it, not its own
# deactivation either, since that code is what broke the site. What was taken out is recorded before.
verb_site_deactivate_plugin() {
  select_site "$1"
  enter_site
  snapshot=$state/snapshots/$3/$1-plugin
  if [ ! -e "$snapshot" ]; then
    mkdir -p "$state/snapshots/$3" || fail 'the snapshot cannot be written'
    active_plugins list "$2" >"$snapshot.new" || fail 'WordPress could not be asked for its plugins'
    [ -s "$snapshot.new" ] || fail 'no active plugin has that folder'
    if ! { sync "$snapshot.new" && mv "$snapshot.new" "$snapshot"; }; then fail 'the snapshot cannot be written'; fi
  fi
  active_plugins remove "$2"
}

# active_plugins list|remove <folder>, or active_plugins add <files...>
# Reads or changes the option active_plugins, with WordPress loaded as far as its database and its object cache.
active_plugins() {
  site_php 60 -- "$@" <<'END_OF_PHP'
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
END_OF_PHP
}
