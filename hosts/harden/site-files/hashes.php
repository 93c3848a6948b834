<?php

namespace Steward;

// Prints the MD5 of each file of WordPress itself and of its plugins, as the site's owner. It changes nothing and runs nothing of the
// site. `php -- <folder>`. Records end with a NUL, and have tabs between their fields; the last one is `end`.

/** A larger file is no program, and is not read. */
const HASHED_BYTES = 52428800;
/** WordPress reads the headers of a plugin in so much of a file. */
const HEADER_BYTES = 8192;

@proc_nice(15);
list(, $steward_path) = $argv;
try {
    $steward_folders = site_folders($steward_path);
    print_core($steward_path);
    print_plugins($steward_folders['plugins']);
    record(['end']);
} catch (Unavailable $steward_error) {
    file_put_contents('php://stderr', $steward_error->getMessage() . "\n");
    exit(1);
}

function record(array $fields)
{
    echo implode("\t", $fields), "\0";
}

function print_core($path)
{
    $text = (string) @file_get_contents("$path/wp-includes/version.php", false, null, 0, HEADER_BYTES);
    if (!preg_match('/^\$wp_version\s*=\s*[\'"]([\w.+-]{1,40})[\'"]/m', $text, $version)) {
        throw new Unavailable("$path/wp-includes/version.php says no version: this is no WordPress");
    }
    $hasLocale = preg_match('/^\$wp_local_package\s*=\s*[\'"](\w{2,20})[\'"]/m', $text, $locale);
    record(['core', $version[1], $hasLocale ? $locale[1] : 'en_US']);
    foreach (names_in($path) as $name) {
        $status = @lstat("$path/$name");
        if ($status !== false && kind_of($status) !== 'directory') {
            record(['core-file', hash_of("$path/$name", $status), $name]);
        }
    }
    foreach (['wp-admin', 'wp-includes'] as $folder) {
        foreach (paths_below("$path/$folder") as $name => $status) {
            record(['core-file', hash_of("$path/$folder/$name", $status), "$folder/$name"]);
        }
    }
}

function print_plugins($folder)
{
    foreach (names_in($folder) as $name) {
        $status = @lstat("$folder/$name");
        $kind = $status === false ? 'none' : kind_of($status);
        if ($kind === 'directory') {
            record(['plugin', version_of(glob_php("$folder/$name")), $name]);
        } elseif ($kind === 'file' && substr($name, -4) === '.php' && $name !== 'index.php') {
            record(['single-file-plugin', version_of(["$folder/$name"]), $name]);
        }
    }
    foreach (paths_below($folder) as $name => $status) {
        record(['plugin-file', hash_of("$folder/$name", $status), $name]);
    }
}

function glob_php($folder)
{
    return array_map(
        function ($name) use ($folder) {
            return "$folder/$name";
        },
        array_filter(names_in($folder), function ($name) {
            return substr($name, -4) === '.php';
        })
    );
}

/** The version in the headers of the first file that has those of a plugin; empty where none does. */
function version_of(array $files)
{
    foreach ($files as $file) {
        $status = @lstat($file);
        $text = $status !== false && kind_of($status) === 'file' ? (string) @file_get_contents($file, false, null, 0, HEADER_BYTES) : '';
        if (preg_match('~^(?:[ \t]*<\?php)?[ \t/*#@]*Plugin Name:~mi', $text)
            && preg_match('~^(?:[ \t]*<\?php)?[ \t/*#@]*Version:[ \t]*([\w.+-]{1,60})~mi', $text, $version)) {
            return $version[1];
        }
    }
    return '';
}

/** What stands for a file that has no hash equals none. */
function hash_of($file, array $status)
{
    if (kind_of($status) !== 'file' || $status['size'] > HASHED_BYTES) {
        return kind_of($status) === 'file' ? 'large' : kind_of($status);
    }
    $hash = @md5_file($file);
    return $hash === false ? 'unreadable' : $hash;
}
