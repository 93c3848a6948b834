<?php

namespace Steward;

/** What WordPress noted when it last asked for updates by itself: wordpress.org is not asked here. */
function read_updates()
{
    $core = network_transient('update_core');
    $plugins = network_transient('update_plugins');
    $themes = network_transient('update_themes');
    $translations = null;
    foreach ([$core, $plugins, $themes] as $noted) {
        if (isset($noted->translations)) {
            $translations += count(array_of($noted->translations));
        }
    }
    return [
        'core' => ['checked_at' => checked_at($core), 'auto_update' => core_auto_update()] + core_updates($core),
        'plugin' => ['checked_at' => checked_at($plugins), 'updates' => number_of_updates($plugins)],
        'theme' => ['checked_at' => checked_at($themes), 'updates' => number_of_updates($themes)],
        'translation' => ['updates' => $translations],
    ];
}

function checked_at($noted)
{
    return isset($noted->last_checked) ? (int) $noted->last_checked : null;
}

/** The newest version of the installed branch and of a later one, or null. */
function core_updates($noted)
{
    $installed = core_version();
    $found = ['minor' => null, 'major' => null];
    foreach (isset($noted->updates) ? array_of($noted->updates) : [] as $update) {
        $version = isset($update->current) ? (string) $update->current : '';
        if ($version === '' || !version_compare($version, $installed, '>')) {
            continue;
        }
        $severity = branch_of($version) === branch_of($installed) ? 'minor' : 'major';
        if ($found[$severity] === null || version_compare($version, $found[$severity], '>')) {
            $found[$severity] = $version;
        }
    }
    return $found;
}

/** The branch is the first two numbers: 6.1.9 belongs to 6.1. */
function branch_of($version)
{
    return preg_match('/^\d+\.\d+/', $version, $found) ? $found[0] : $version;
}

/** The order in which WordPress looks: constants first, then what is chosen on the page of updates. Filters are not seen. */
function core_auto_update()
{
    $isOff = is_on('AUTOMATIC_UPDATER_DISABLED') || is_on('DISALLOW_FILE_MODS');
    $minor = network_option('auto_update_core_minor') !== 'disabled';
    $major = network_option('auto_update_core_major') === 'enabled';
    if (defined('WP_AUTO_UPDATE_CORE')) {
        $minor = WP_AUTO_UPDATE_CORE !== false;
        $major = in_array(WP_AUTO_UPDATE_CORE, [true, 'beta', 'rc', 'development', 'branch-development'], true);
    }
    return ['minor' => !$isOff && $minor, 'major' => !$isOff && $major];
}

/** The updates that are noted, by the file of the plugin or the folder of the theme. */
function response_of($noted)
{
    return isset($noted->response) ? array_of($noted->response) : [];
}

function number_of_updates($noted)
{
    return isset($noted->response) ? count(array_of($noted->response)) : null;
}

/** The version that an update would install, or null. */
function update_of($noted, $key)
{
    $response = response_of($noted);
    if (!isset($response[$key])) {
        return null;
    }
    $update = (array) $response[$key];
    return isset($update['new_version']) ? (string) $update['new_version'] : 'unknown';
}
