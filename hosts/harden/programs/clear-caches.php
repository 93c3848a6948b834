<?php
define('SHORTINIT', true);
require './wp-load.php';

/** Removes the files below a folder, and says how many there were. The folders stay, as do links. */
function remove_files($folder)
{
    $removed = 0;
    foreach (new DirectoryIterator($folder) as $entry) {
        if ($entry->isDot() || $entry->isLink()) {
            continue;
        }
        $removed += $entry->isDir() ? remove_files($entry->getPathname()) : (int) unlink($entry->getPathname());
    }
    return $removed;
}

$flushed = wp_cache_flush();
delete_expired_transients(true);
$files = 0;
$folders = ['supercache', 'wp-rocket', 'page_enhanced', 'all', 'cache-enabler', 'comet-cache/cache', 'wpo-cache', 'hyper-cache', 'breeze'];
foreach ($folders as $name) {
    $folder = WP_CONTENT_DIR . "/cache/$name";
    // What stands behind a link is somebody else's.
    if (is_dir($folder) && realpath($folder) === realpath(WP_CONTENT_DIR) . "/cache/$name") {
        $files += remove_files($folder);
    }
}
echo $flushed ? 'object cache emptied' : 'the object cache could not be emptied', ", $files files of page caches removed\n";
exit($flushed ? 0 : 1);
