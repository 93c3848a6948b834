<?php

/** Asks a pool of PHP-FPM for its status, or to run a script, over FastCGI (https://fastcgi-archives.github.io/FastCGI_Specification.html). */

const LIMIT_SECONDS = 2.0;
const LIMIT_BYTES = 65536;
const STREAM_OF_PARAMS = 4;
const STREAM_OF_INPUT = 5;
const STREAM_OF_OUTPUT = 6;
const END_OF_REQUEST = 3;

[, $socket, $path] = $argv;
try {
    echo "answer\n" . ask($socket, $path);
} catch (RuntimeException $error) {
    echo 'down ' . $error->getMessage() . "\n";
}

function ask(string $socket, string $path): string
{
    $deadline = microtime(true) + LIMIT_SECONDS;
    $stream = @stream_socket_client("unix://$socket", $code, $message, LIMIT_SECONDS);
    if ($stream === false) {
        throw new RuntimeException("no connection to $socket: $message");
    }
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

/** Reads that many bytes; a pool that says nothing, or a little now and then, is not waited for beyond the limit. */
function read_exactly($stream, int $length, float $deadline): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $left = (int) (($deadline - microtime(true)) * 1e6);
        if ($left <= 0) {
            throw new RuntimeException('no answer in time; the pool may be full');
        }
        stream_set_timeout($stream, intdiv($left, 1000000), $left % 1000000);
        $read = fread($stream, $length - strlen($bytes));
        if (($read === '' || $read === false) && feof($stream)) {
            throw new RuntimeException('the connection ended before the answer did');
        }
        $bytes .= (string) $read;
    }
    return $bytes;
}
