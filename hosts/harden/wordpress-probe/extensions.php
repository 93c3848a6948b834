<?php

namespace Steward;

/** So many files are opened to find plugins, and so many plugins or themes are named. */
const FILES_LIMIT = 5000;
const NAMED_LIMIT = 200;

function read_plugins()
{
    $active = array_of(option('active_plugins'));
    if (is_network()) {
        $active = array_merge($active, array_keys(array_of(network_option('active_sitewide_plugins'))));
    }
    $auto = array_of(network_option('auto_update_plugins'));
    $noted = updates_or_null('update_plugins');
    $plugins = [];
    foreach (plugin_files() as $key => $file) {
        $headers = headers_of($file, 'Plugin Name');
        if ($headers === null) {
            continue;
        }
        $plugins[] = [
            'slug' => strpos($key, '/') === false ? basename($key, '.php') : dirname($key),
            'version' => $headers,
            'status' => in_array($key, $active, true) ? 'active' : 'inactive',
            'auto_update' => in_array($key, $auto, true),
            'update' => update_of($noted, $key),
        ];
    }
    return extensions($plugins) + ['must_use' => count(must_use_files()), 'dropin' => count(dropin_files())];
}

function read_themes()
{
    $active = [option('stylesheet'), option('template')];
    $auto = array_of(network_option('auto_update_themes'));
    $noted = updates_or_null('update_themes');
    $themes = [];
    foreach (listed(content_folder() . '/themes/*/style.css') as $file) {
        $headers = headers_of($file, 'Theme Name');
        $slug = basename(dirname($file));
        if ($headers === null) {
            continue;
        }
        $themes[] = [
            'slug' => $slug,
            'version' => $headers,
            'status' => in_array($slug, $active, true) ? 'active' : 'inactive',
            'auto_update' => in_array($slug, $auto, true),
            'update' => update_of($noted, $slug),
        ];
    }
    return extensions($themes);
}

/** The counts of all, and the first by name: those with an update and the active ones before the others. */
function extensions(array $all)
{
    $count = function ($isCounted) use ($all) {
        return count(array_filter($all, $isCounted));
    };
    usort($all, function ($one, $other) {
        $rank = function ($extension) {
            return ($extension['update'] === null ? 2 : 0) + ($extension['status'] === 'active' ? 0 : 1);
        };
        return [$rank($one), $one['slug']] <=> [$rank($other), $other['slug']];
    });
    $active = $count(function ($extension) {
        return $extension['status'] === 'active';
    });
    return [
        'active' => $active,
        'inactive' => count($all) - $active,
        'auto_update' => $count(function ($extension) {
            return $extension['auto_update'];
        }),
        'named' => array_slice($all, 0, NAMED_LIMIT),
    ];
}

/** What is noted of updates; that it cannot be had is said by the part `updates`. */
function updates_or_null($name)
{
    try {
        return network_transient($name);
    } catch (\Throwable $unknown) {
        return null;
    }
}

/** Where plugins may begin: by WordPress's own rule in the folder of plugins and one folder below. */
function plugin_files()
{
    $folder = defined('WP_PLUGIN_DIR') ? rtrim((string) WP_PLUGIN_DIR, '/') : content_folder() . '/plugins';
    if (!is_dir($folder)) {
        throw new Unavailable("there is no folder $folder");
    }
    $files = [];
    foreach (array_merge(listed("$folder/*.php"), listed("$folder/*/*.php")) as $file) {
        $files[substr($file, strlen($folder) + 1)] = $file;
    }
    return $files;
}

function must_use_files()
{
    return listed((defined('WPMU_PLUGIN_DIR') ? rtrim((string) WPMU_PLUGIN_DIR, '/') : content_folder() . '/mu-plugins') . '/*.php');
}

/** Files of these names are taken in by WordPress itself. */
function dropin_files()
{
    $names = [
        'advanced-cache.php', 'db.php', 'db-error.php', 'fatal-error-handler.php', 'install.php', 'maintenance.php', 'object-cache.php',
        'php-error.php', 'sunrise.php', 'blog-deleted.php', 'blog-inactive.php', 'blog-suspended.php',
    ];
    return array_filter($names, function ($name) {
        return is_file(content_folder() . "/$name");
    });
}

/** glob() takes brackets in the path of the site for a pattern: they are escaped. */
function listed($pattern)
{
    $stars = strpos($pattern, '*');
    $found = glob(addcslashes(substr($pattern, 0, $stars), '[]?{}\\') . substr($pattern, $stars), GLOB_NOSORT);
    return array_slice($found ?: [], 0, FILES_LIMIT);
}

/** The version in the header of a plugin or theme, or null where the file has no such header. */
function headers_of($file, $name)
{
    $text = is_file($file) && is_readable($file) ? (string) file_get_contents($file, false, null, 0, 8192) : '';
    if (header_in($text, $name) === '') {
        return null;
    }
    return header_in($text, 'Version');
}

function header_in($text, $name)
{
    $pattern = '/^(?:[ \t]*<\?php)?[ \t\/*#@]*' . preg_quote($name, '/') . ':(.*)$/mi';
    return preg_match($pattern, str_replace("\r", "\n", $text), $found) ? trim(preg_replace('/\s*(?:\*\/|\?>).*/', '', $found[1])) : '';
}
