<?php
// Steward's look at a WordPress site. It runs as the owner of the site's files, changes nothing, and prints one line of JSON after a
// line that marks it. `php -- <folder> <scheme> <host> <request URI>`. It is for PHP 7.2 and newer.
//
// WordPress is loaded without plugins and themes, so that none of them can break the answer. What is asked comes from the files and
// by a connection of its own from the database: it is had even where WordPress does not load.

namespace Steward;

const MARKER = '=== steward-wordpress-probe';
const MESSAGE_LIMIT = 300;

/** A part that cannot be had, in words for the operator. */
final class Unavailable extends \RuntimeException
{
}

/** What is known of the site by the time that it is asked. */
final class Site
{
    /** The site's folder. */
    public static $path = '';
    /** Host and path of its address. */
    public static $host = '';
    public static $uri = '/';
    /** When the program began, in seconds since the epoch: what is overdue or expired is so at this time. */
    public static $now = 0;
    /** Whether WordPress itself was loaded, and why not. */
    public static $isLoaded = false;
    public static $loadError = '';
}

/** Asks for each part and prints the answer. PHP calls it when the program ends, in whatever way that comes about. */
function finish()
{
    ini_set('display_errors', '0');
    set_time_limit(10);
    $last = error_get_last();
    discard_output();
    ob_start('Steward\swallow', 4096);
    if (!Site::$isLoaded && Site::$loadError === '') {
        Site::$loadError = why_it_ended($last);
    }
    $parts = [];
    $errors = [];
    foreach (parts() as $name => $read) {
        try {
            $parts[$name] = $read();
        } catch (\Throwable $error) {
            $errors[] = ['part' => $name, 'message' => shortened($error->getMessage())];
        }
    }
    discard_output();
    $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    $answer = ['version' => 1, 'parts' => (object) $parts, 'errors' => $errors];
    echo "\n", MARKER, "\n", json_encode($answer, $flags), "\n";
    // Nothing that WordPress or a drop-in left for the end is run.
    exit(0);
}

/** The parts of the answer, and what reads each. */
function parts()
{
    return [
        'load' => 'Steward\read_load',
        'versions' => 'Steward\read_versions',
        'updates' => 'Steward\read_updates',
        'plugins' => 'Steward\read_plugins',
        'themes' => 'Steward\read_themes',
        'site_health' => 'Steward\read_site_health',
        'cron' => 'Steward\read_cron',
        'options' => 'Steward\read_options',
        'caches' => 'Steward\read_caches',
        'users' => 'Steward\read_users',
        'debug' => 'Steward\read_debug',
        'database' => 'Steward\read_database',
        'content' => 'Steward\read_content',
    ];
}

function read_load()
{
    if (!Site::$isLoaded) {
        throw new Unavailable(Site::$loadError);
    }
    if (option('siteurl') === null) {
        throw new Unavailable('WordPress is not installed in this database');
    }
    return ['maintenance' => is_file(root() . '.maintenance')];
}

/** Why the program ended before WordPress was loaded. */
function why_it_ended($last)
{
    $fatal = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
    if ($last !== null && ($last['type'] & $fatal) !== 0) {
        return $last['message'] . ' in ' . $last['file'] . ' on line ' . $last['line'];
    }
    try {
        connection();
    } catch (\Throwable $error) {
        return $error->getMessage();
    }
    return 'wp-config.php or a drop-in ended the program before WordPress was loaded';
}

function shortened($message)
{
    return substr(trim((string) strtok($message, "\n")), 0, MESSAGE_LIMIT);
}

function swallow()
{
    return '';
}

function discard_output()
{
    while (ob_get_level() > 0 && @ob_end_clean()) {
        continue;
    }
}
