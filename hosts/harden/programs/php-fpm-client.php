<?php

/**
 * Asks a pool of PHP-FPM for its status, or to run a script, over FastCGI (https://fastcgi-archives.github.io/FastCGI_Specification.html);
 * or a web server for the status of its pool.
 */

const LIMIT_SECONDS = 2.0;
const LIMIT_BYTES = 65536;
const STREAM_OF_PARAMS = 4;
const STREAM_OF_INPUT = 5;
const STREAM_OF_OUTPUT = 6;
const END_OF_REQUEST = 3;

[, $address, $path] = $argv;
try {
    $deadline = microtime(true) + LIMIT_SECONDS;
    [$scheme, $place] = explode('://', $address, 2);
    echo "answer\n" . ($scheme === 'http' ? ask_web_server($place, $path, $deadline) : ask_pool($address, $path, $deadline));
} catch (RuntimeException $error) {
    echo 'down ' . $error->getMessage() . "\n";
}

/** Asks over HTTP/1.0, so that the answer comes in one piece. The status stands in the first header, as a pool writes it. */
function ask_web_server(string $host, string $path, float $deadline): string
{
    $stream = connect('tcp://' . (preg_match('/:\d+$/', $host) === 1 ? $host : "$host:80"));
    @fwrite($stream, "GET $path?json HTTP/1.0\r\nHost: $host\r\nUser-Agent: Steward\r\nConnection: close\r\n\r\n");
    $output = '';
    while (($read = read_some($stream, 8192, $deadline)) !== '') {
        $output .= $read;
        if (strlen($output) > LIMIT_BYTES) {
            throw new RuntimeException('the answer is too long');
        }
    }
    if (preg_match('~^HTTP/1\.[01] (\d{3})[^\r\n]*\r\n~', $output, $line) !== 1) {
        throw new RuntimeException($output === '' ? 'the connection ended before the answer did' : 'no web server answers');
    }
    if (in_array($line[1], ['502', '503', '504'], true)) {
        throw new RuntimeException("the web server answers $line[1], for it gets none from the pool");
    }
    return "Status: $line[1]\r\n" . substr($output, strlen($line[0]));
}

function connect(string $address)
{
    $stream = @stream_socket_client($address, $code, $message, LIMIT_SECONDS);
    if ($stream === false) {
        throw new RuntimeException("no connection to $address: $message");
    }
    return $stream;
}

function ask_pool(string $address, string $path, float $deadline): string
{
    $stream = connect($address);
    @fwrite($stream, request($path));
    $output = '';
    while (strlen($output) <= LIMIT_BYTES) {
        ['kind' => $kind, 'length' => $length, 'padding' => $padding] =
            unpack('Cversion/Ckind/nid/nlength/Cpadding/Creserved', read_exactly($stream, 8, $deadline));
        $content = substr(read_exactly($stream, $length + $padding, $deadline), 0, $length);
        if ($kind === END_OF_REQUEST) {
            return $output;
        }
        if ($kind === STREAM_OF_OUTPUT) {
            $output .= $content;
        }
    }
    throw new RuntimeException('the answer is too long');
}

function request(string $path): string
{
    $params = '';
    foreach (
        [
            'REQUEST_METHOD' => 'GET',
            'QUERY_STRING' => 'json',
            'SCRIPT_NAME' => $path,
            'SCRIPT_FILENAME' => $path,
            'REQUEST_URI' => "$path?json",
            'SERVER_PROTOCOL' => 'HTTP/1.1',
        ] as $name => $value
    ) {
        $params .= pack('CNa*a*', strlen($name), strlen($value) | 0x80000000, $name, $value);
    }
    $begin = pack('CCnnx2nCx5', 1, 1, 1, 8, 1, 0);
    return $begin . record(STREAM_OF_PARAMS, $params) . record(STREAM_OF_PARAMS, '') . record(STREAM_OF_INPUT, '');
}

function record(int $kind, string $content): string
{
    return pack('CCnnCx', 1, $kind, 1, strlen($content), 0) . $content;
}

function read_exactly($stream, int $length, float $deadline): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $read = read_some($stream, $length - strlen($bytes), $deadline);
        if ($read === '') {
            throw new RuntimeException('the connection ended before the answer did');
        }
        $bytes .= $read;
    }
    return $bytes;
}

/** Reads what comes next, nothing at the end; one that says nothing, or a little now and then, is not waited for beyond the limit. */
function read_some($stream, int $length, float $deadline): string
{
    do {
        $left = (int) (($deadline - microtime(true)) * 1e6);
        if ($left <= 0) {
            throw new RuntimeException('no answer in time; the pool may be full');
        }
        stream_set_timeout($stream, intdiv($left, 1000000), $left % 1000000);
        $read = (string) fread($stream, $length);
    } while ($read === '' && !feof($stream));
    return $read;
}
