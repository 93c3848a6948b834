<?php

namespace Steward;

const CONFIG_LIMIT_BYTES = 262144;

/** The site cannot be looked at, in words for the operator. */
final class Unavailable extends \RuntimeException
{
}

/** Where plugins and uploads are, as wp-config.php says without being run, or as WordPress itself has them. */
function site_folders($path)
{
    $content = configured_folder($path, 'WP_CONTENT_DIR');
    $content = $content === null ? "$path/wp-content" : $content;
    $plugins = configured_folder($path, 'WP_PLUGIN_DIR');
    return [
        'content' => $content,
        'plugins' => $plugins === null ? "$content/plugins" : $plugins,
        'uploads' => "$content/uploads",
    ];
}

/** The folder that wp-config.php defines under a name; null where it does not. */
function configured_folder($path, $name)
{
    $file = config_file($path);
    $text = $file === null ? '' : (string) @file_get_contents($file, false, null, 0, CONFIG_LIMIT_BYTES);
    $tokens = significant_tokens($text);
    foreach ($tokens as $at => $token) {
        $isDefine = is_array($token) && strtolower(ltrim($token[1], '\\')) === 'define' && text_at($tokens, $at + 1) === '(';
        if ($isDefine && literal(text_at($tokens, $at + 2)) === $name && text_at($tokens, $at + 3) === ',') {
            $folder = joined_text($tokens, $at + 4, ['__DIR__' => dirname($file), 'ABSPATH' => "$path/"]);
            if ($folder === null) {
                throw new Unavailable("$file computes $name; only texts, __DIR__, dirname(__FILE__) and ABSPATH can be read without running it");
            }
            return rtrim($folder, '/');
        }
    }
    return null;
}

/** What texts and known constants make when they are joined by dots, up to the closing bracket; null where there is anything else. */
function joined_text(array $tokens, $at, array $known)
{
    $joined = '';
    while (true) {
        $word = text_at($tokens, $at);
        if (strtolower($word) === 'dirname' && text_at($tokens, $at + 1) . text_at($tokens, $at + 2) . text_at($tokens, $at + 3) === '(__FILE__)') {
            $joined .= $known['__DIR__'];
            $at += 4;
        } elseif (isset($known[$word])) {
            $joined .= $known[$word];
            $at += 1;
        } elseif (literal($word) !== null) {
            $joined .= literal($word);
            $at += 1;
        } else {
            return null;
        }
        $after = text_at($tokens, $at);
        if ($after === ')' || $after === ',') {
            return $joined;
        }
        if ($after !== '.') {
            return null;
        }
        $at += 1;
    }
}

/** Every path below a folder that is no folder itself, with what lstat says. No link is followed, and no other file system entered. */
function paths_below($folder)
{
    $root = @lstat($folder);
    $waiting = $root === false ? [] : [''];
    while ($waiting !== []) {
        $relative = array_pop($waiting);
        foreach (names_in($folder . $relative) as $name) {
            $path = "$relative/$name";
            $status = @lstat($folder . $path);
            if ($status === false) {
                continue;
            }
            if (kind_of($status) !== 'directory') {
                yield substr($path, 1) => $status;
            } elseif ($status['dev'] === $root['dev']) {
                $waiting[] = $path;
            }
        }
    }
}

function names_in($folder)
{
    $names = @scandir($folder);
    return $names === false ? [] : array_diff($names, ['.', '..']);
}

function kind_of(array $status)
{
    $kinds = [0100000 => 'file', 0040000 => 'directory', 0120000 => 'link'];
    $kind = $status['mode'] & 0170000;
    return isset($kinds[$kind]) ? $kinds[$kind] : 'other';
}
