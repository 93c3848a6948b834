<?php

namespace Steward;

function read_versions()
{
    $versions = ['wordpress' => core_version(), 'php' => PHP_VERSION, 'multisite' => is_network()];
    try {
        $locale = option('WPLANG');
        $versions['db_server'] = (string) value('SELECT VERSION()');
        $versions['locale'] = is_string($locale) && $locale !== '' ? $locale : 'en_US';
    } catch (\Throwable $unknown) {
        // The part `load` says what is wrong with the database.
        $versions += ['db_server' => '', 'locale' => ''];
    }
    return $versions;
}

/** The version is read, and its file not run: it may be half written. */
function core_version()
{
    $file = root() . 'wp-includes/version.php';
    $text = is_readable($file) ? (string) file_get_contents($file, false, null, 0, 8192) : '';
    if (!preg_match('/^\s*\$wp_version\s*=\s*[\'"]([^\'"]+)[\'"]/m', $text, $found)) {
        throw new Unavailable("no version of WordPress stands in $file");
    }
    return $found[1];
}

function read_debug()
{
    if (!defined('DB_NAME')) {
        throw new Unavailable('wp-config.php was not read');
    }
    $names = [
        'WP_DEBUG', 'WP_DEBUG_LOG', 'WP_DEBUG_DISPLAY', 'SCRIPT_DEBUG', 'SAVEQUERIES', 'DISALLOW_FILE_EDIT', 'DISALLOW_FILE_MODS',
        'FORCE_SSL_ADMIN', 'DISABLE_WP_CRON', 'ALTERNATE_WP_CRON', 'AUTOMATIC_UPDATER_DISABLED', 'WP_CACHE',
    ];
    return array_combine($names, array_map('Steward\is_on', $names));
}

/** The counts that WordPress keeps of its Site Health tests; null before it ran them for the first time. */
function read_site_health()
{
    $result = transient('health-check-site-status-result');
    $counts = is_string($result) ? json_decode($result, true) : null;
    if ($result !== null && !is_array($counts)) {
        throw new Unavailable('the result that WordPress keeps is not JSON');
    }
    if ($counts === null) {
        return ['counts' => null];
    }
    $number = function ($status) use ($counts) {
        return isset($counts[$status]) && is_numeric($counts[$status]) ? max(0, (int) $counts[$status]) : 0;
    };
    return ['counts' => [
        'good' => $number('good'),
        'recommended' => $number('recommended'),
        'critical' => $number('critical'),
    ]];
}

function read_caches()
{
    if (!defined('DB_NAME')) {
        throw new Unavailable('wp-config.php was not read');
    }
    return [
        'object_cache' => is_file(content_folder() . '/object-cache.php'),
        'page_cache' => is_file(content_folder() . '/advanced-cache.php') && is_on('WP_CACHE'),
    ];
}
