<?php

namespace Steward;

// Compares the files of WordPress itself with the checksums of wordpress.org, and puts back what differs out of the archive of the release.
// It runs as the site's owner, and runs nothing of the site. `php core-files.php release|keep|restore|undo <folder>`
// keep, restore: the checksums come in as file 3. restore: the archive comes in as standard input. undo: what keep printed does.

/** More than this is no file that somebody changed, but another version or an update that broke off. */
const FILES_LIMIT = 200;
const FILE_BYTES = 20971520;
/** What operators take away, since it tells strangers the version. */
const OFTEN_REMOVED = ['readme.html', 'license.txt', 'wp-config-sample.php'];
const PATH = '~^(?!/)(?:(?!\.{1,2}/)[A-Za-z0-9._-]+/)*(?!\.{1,2}$)[A-Za-z0-9._-]+$~D';

/** It cannot be done, in words for the operator. */
final class Refused extends \RuntimeException
{
}

list(, $steward_mode, $steward_path) = $argv;
try {
    exit(run($steward_mode, $steward_path));
} catch (Refused $steward_error) {
    file_put_contents('php://stderr', $steward_error->getMessage() . "\n");
    exit(1);
}

function run($mode, $path)
{
    switch ($mode) {
        case 'release':
            return release($path);
        case 'keep':
            return keep($path, differing($path, expected()));
        case 'restore':
            return restore($path, differing($path, expected()));
        case 'undo':
            return undo($path);
        default:
            throw new Refused('there is no such mode');
    }
}

/** Prints version and language, as the site itself says. */
function release($path)
{
    $text = (string) @file_get_contents("$path/wp-includes/version.php", false, null, 0, 8192);
    if (!preg_match('/^\$wp_version\s*=\s*[\'"](\d+\.\d+(?:\.\d+)?)[\'"]/m', $text, $version)) {
        throw new Refused('wp-includes/version.php says no version of a release');
    }
    $hasLocale = preg_match('/^\$wp_local_package\s*=\s*[\'"]([A-Za-z_]{2,20})[\'"]/m', $text, $locale);
    echo $version[1], ' ', $hasLocale ? $locale[1] : 'en_US', "\n";
    return 0;
}

/** The MD5 of each file of WordPress itself, without wp-content. */
function expected()
{
    $answer = json_decode((string) stream_get_contents(fopen('php://fd/3', 'r'), 4000000), true);
    $checksums = is_array($answer) && isset($answer['checksums']) ? $answer['checksums'] : null;
    if (!is_array($checksums)) {
        throw new Refused('wordpress.org knows no checksums of this version');
    }
    $expected = [];
    foreach ($checksums as $file => $md5) {
        // Themes have files of other names, such as Inter-VariableFont_slnt,wght.ttf; nothing is done to them.
        if (strpos((string) $file, 'wp-content/') === 0) {
            continue;
        }
        if (!preg_match(PATH, $file) || !is_string($md5) || !preg_match('/^[0-9a-f]{32}$/D', $md5)) {
            throw new Refused('what wordpress.org answered is no list of checksums');
        }
        $expected[$file] = $md5;
    }
    return $expected;
}

/** The MD5 that each file should have which has another one, or is not there. */
function differing($path, array $expected)
{
    $differing = [];
    foreach ($expected as $file => $md5) {
        $status = in_real_folder($path, $file) ? @lstat("$path/$file") : false;
        if ($status === false) {
            $isWrong = !in_array($file, OFTEN_REMOVED, true);
        } else {
            $isWrong = !is_plain($status) || @md5_file("$path/$file") !== $md5;
        }
        if ($isWrong) {
            $differing[$file] = $md5;
        }
    }
    if (count($differing) > FILES_LIMIT) {
        throw new Refused(count($differing) . ' files differ: an update broke off, or this is not the version that it says; put WordPress itself in anew by hand');
    }
    return $differing;
}

/** Whether the folder of a file is there; a link in its place leads to somebody else's files, and is left to people. */
function in_real_folder($path, $file)
{
    $folder = $path;
    foreach (array_slice(explode('/', $file), 0, -1) as $name) {
        $folder .= "/$name";
        $status = @lstat($folder);
        if ($status === false) {
            return false;
        }
        if (($status['mode'] & 0170000) !== 0040000) {
            throw new Refused("$folder is no folder: look at what it is first");
        }
    }
    return true;
}

function is_plain(array $status)
{
    return ($status['mode'] & 0170000) === 0100000;
}

/** Prints what stands in the place of each file, one line of JSON each, so that it can be looked at and put back. */
function keep($path, array $differing)
{
    foreach (array_keys($differing) as $file) {
        echo json_encode(['path' => $file] + what_is("$path/$file")), "\n";
    }
    return 0;
}

function what_is($place)
{
    $status = @lstat($place);
    if ($status === false) {
        return ['kind' => 'missing'];
    }
    if (is_link($place)) {
        return ['kind' => 'link', 'target' => base64_encode((string) readlink($place))];
    }
    if (!is_plain($status) || $status['size'] > FILE_BYTES) {
        throw new Refused("$place is no file of 20 MB at the most: look at what it is first");
    }
    $content = @file_get_contents($place);
    if ($content === false) {
        throw new Refused("the site's owner cannot read $place");
    }
    return ['kind' => 'file', 'mode' => $status['mode'] & 07777, 'content' => base64_encode($content)];
}

/** Puts back what differs. Nothing is written whose checksum is not the official one. */
function restore($path, array $differing)
{
    $left = $differing;
    foreach ($left === [] ? [] : archived(array_flip(array_map('strval', array_keys($left)))) as $file => $content) {
        if (isset($left[$file]) && md5($content) === $left[$file]) {
            $status = @lstat("$path/$file");
            put($path, $file, $content, $status !== false && is_plain($status) ? $status['mode'] & 0777 : 0644);
            unset($left[$file]);
        }
    }
    echo 'put back ', count($differing) - count($left), ' of ', count($differing), "\n";
    foreach (array_slice(array_keys($left), 0, 10) as $file) {
        echo "the archive of the release does not have $file as its checksum says\n";
    }
    return $left === [] ? 0 : 1;
}

/** The files of a release that are wanted, out of a tar archive that gzip packed: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function archived(array $wanted)
{
    stream_filter_append(STDIN, 'zlib.inflate', STREAM_FILTER_READ, ['window' => 31]);
    while (strlen($header = read_fully(512)) === 512 && $header[0] !== "\0") {
        $entry = unpack('Z100name/x24/Z12size/x20/a1type/x188/Z155prefix', $header);
        $size = (int) octdec(trim($entry['size']));
        $name = ($entry['prefix'] === '' || substr($header, 257, 8) !== "ustar\00000" ? '' : $entry['prefix'] . '/') . $entry['name'];
        $file = strpos($name, 'wordpress/') === 0 ? substr($name, 10) : '';
        $isWanted = isset($wanted[$file]) && $size <= FILE_BYTES && ($entry['type'] === '0' || $entry['type'] === "\0");
        if ($isWanted) {
            yield $file => read_fully($size);
        } else {
            skip($size);
        }
        skip((512 - $size % 512) % 512);
    }
}

function read_fully($length)
{
    $bytes = '';
    while (strlen($bytes) < $length && !feof(STDIN)) {
        $bytes .= (string) @fread(STDIN, min(65536, $length - strlen($bytes)));
    }
    return $bytes;
}

function skip($length)
{
    while ($length > 0 && !feof(STDIN)) {
        $length -= strlen(read_fully(min(65536, $length)));
    }
}

/** Writes a file beside its place and moves it there, so that nobody sees half of it, and a link in its place is replaced, not followed. */
function put($path, $file, $content, $mode)
{
    if (!in_real_folder($path, $file)) {
        make_folders($path, dirname($file));
    }
    $new = dirname("$path/$file") . '/.steward-' . bin2hex(random_bytes(8));
    $stream = @fopen($new, 'x');
    if ($stream === false) {
        throw new Refused("the site's owner may not write beside $path/$file");
    }
    $isWritten = fwrite($stream, $content) === strlen($content) && fflush($stream);
    fclose($stream);
    if (!$isWritten || !chmod($new, $mode) || !@rename($new, "$path/$file")) {
        @unlink($new);
        throw new Refused("$path/$file could not be written");
    }
}

function make_folders($path, $relative)
{
    $folder = $path;
    foreach (explode('/', $relative) as $name) {
        $folder .= "/$name";
        if (@lstat($folder) === false && !@mkdir($folder, 0755)) {
            throw new Refused("the site's owner may not make $folder");
        }
    }
}

/** Puts back what stood in the places of the files. */
function undo($path)
{
    $count = 0;
    while (($line = fgets(STDIN)) !== false) {
        $kept = json_decode($line, true);
        if (!is_array($kept) || !preg_match(PATH, (string) $kept['path'])) {
            throw new Refused('the snapshot is damaged');
        }
        put_back($path, $kept);
        $count += 1;
    }
    echo "restored $count\n";
    return 0;
}

function put_back($path, array $kept)
{
    $place = "$path/{$kept['path']}";
    if ($kept['kind'] === 'file') {
        put($path, $kept['path'], (string) base64_decode($kept['content']), $kept['mode']);
        return;
    }
    if (in_real_folder($path, $kept['path']) && @lstat($place) !== false && !@unlink($place)) {
        throw new Refused("the site's owner may not remove $place");
    }
    if ($kept['kind'] === 'link' && !@symlink((string) base64_decode($kept['target']), $place)) {
        throw new Refused("the link $place could not be made");
    }
}
