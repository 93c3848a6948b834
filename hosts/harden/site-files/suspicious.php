<?php

namespace Steward;

// Prints the files of a site that look as if they were put there by somebody else, as the site's owner. It changes nothing and runs
// nothing of the site. `php -- <folder>`. Records end with a NUL, and have tabs between their fields; the last one is `end`.

/** What is read of a file: web shells are small, or begin with what they do. */
const READ_BYTES = 65536;
/** So many findings are told. */
const FINDINGS_LIMIT = 1000;

const PHP_NAME = '~\.(?:php\d?|phtml|pht|phar|phps)$~i';
const PHP_INSIDE_NAME = '~\.(?:php\d?|phtml|pht|phar)\.[a-z0-9]{1,4}$~i';
const IMAGE_NAME = '~\.(?:jpe?g|png|gif|webp|ico|bmp|svg)$~i';
/** Code that is hidden from whoever reads it, and run. */
const HIDDEN_CODE = '~\b(?:eval|assert)\s*\(\s*(?:@?\s*(?:base64_decode|gzinflate|gzuncompress|str_rot13|rawurldecode|urldecode|hex2bin|strrev)\s*\(|@?\$_(?:GET|POST|REQUEST|COOKIE)\b)~i';
/** What makes a web server run files as PHP that it would send. */
const HANDLER = '~^\s*(?:(?:AddHandler|SetHandler|AddType)\b.*php|(?:php_value\s+)?auto_(?:pre|ap)pend_file\b)~mi';

@proc_nice(15);
list(, $steward_path) = $argv;
try {
    $steward_folders = site_folders($steward_path);
    $steward_looked = 0;
    $steward_found = [];
    foreach ([$steward_folders['uploads'], $steward_folders['plugins']] as $steward_folder) {
        foreach (paths_below($steward_folder) as $steward_name => $steward_status) {
            $steward_looked += 1;
            $steward_rule = rule_for("$steward_folder/$steward_name", $steward_name, $steward_status, $steward_folder === $steward_folders['uploads']);
            if ($steward_rule !== null) {
                $steward_found[] = [$steward_rule, shown("$steward_folder/$steward_name", $steward_path)];
            }
        }
    }
    foreach (array_slice($steward_found, 0, FINDINGS_LIMIT) as $steward_finding) {
        record(array_merge(['file'], $steward_finding));
    }
    foreach (array_count_values(array_column($steward_found, 0)) as $steward_rule => $steward_count) {
        record(['count', $steward_rule, $steward_count]);
    }
    record(['end', $steward_looked]);
} catch (Unavailable $steward_error) {
    file_put_contents('php://stderr', $steward_error->getMessage() . "\n");
    exit(1);
}

function record(array $fields)
{
    echo implode("\t", $fields), "\0";
}

/** The first rule that a file breaks; null where it breaks none. */
function rule_for($file, $name, array $status, $isUpload)
{
    $kind = kind_of($status);
    if ($kind !== 'file') {
        return $isUpload && $kind === 'link' ? 'link_in_uploads' : null;
    }
    $base = basename($name);
    $isPhp = preg_match(PHP_NAME, $base) === 1;
    if ($isUpload && preg_match(PHP_INSIDE_NAME, $base)) {
        return 'php_in_name';
    }
    if ($isPhp && $base[0] === '.') {
        return 'hidden_php';
    }
    if ($isUpload && $isPhp) {
        return is_silent($file, $base, $status) ? null : 'php_in_uploads';
    }
    if ($isUpload && in_array(strtolower($base), ['.htaccess', '.user.ini'], true)) {
        return preg_match(HANDLER, beginning_of($file)) ? 'handler_in_uploads' : null;
    }
    if ($isUpload && preg_match(IMAGE_NAME, $base)) {
        return strpos(beginning_of($file), '<?php') === false ? null : 'php_in_image';
    }
    return $isPhp && preg_match(HIDDEN_CODE, beginning_of($file)) ? 'hidden_code' : null;
}

/** Many plugins put an index.php without code into their folders. */
function is_silent($file, $base, array $status)
{
    if ($base !== 'index.php' || $status['size'] > 1024) {
        return false;
    }
    $code = preg_replace(['~^\s*<\?php~', '~/\*.*?\*/~s', '~(?://|#)[^\n]*~', '~\?>\s*$~'], '', beginning_of($file));
    return preg_match('~^\s*(?:(?:exit|die)\s*(?:\(\s*\))?\s*;?)?\s*$~', (string) $code) === 1;
}

function beginning_of($file)
{
    return (string) @file_get_contents($file, false, null, 0, READ_BYTES);
}

function shown($file, $path)
{
    return strpos($file, "$path/") === 0 ? substr($file, strlen($path) + 1) : $file;
}
