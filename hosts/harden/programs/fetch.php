<?php

// Prints what stands at an address. It runs as nobody. `php -- <address> <bytes at the most>`; exit code 0 only where all of it came.

list(, $address, $limit) = $argv;
$options = ['http' => ['timeout' => 20, 'follow_location' => 0, 'ignore_errors' => true, 'user_agent' => 'Steward']];
$stream = @fopen($address, 'r', false, stream_context_create($options));
if ($stream === false) {
    file_put_contents('php://stderr', "no answer from $address: " . (error_get_last()['message'] ?? '') . "\n");
    exit(1);
}
$headers = stream_get_meta_data($stream)['wrapper_data'];
if (!preg_match('~^HTTP/[\d.]+ 200\b~', $headers[0])) {
    file_put_contents('php://stderr', "$address answers with {$headers[0]}\n");
    exit(1);
}
$length = null;
foreach ($headers as $header) {
    if (preg_match('/^Content-Length:\s*(\d+)\s*$/i', $header, $found)) {
        $length = (int) $found[1];
    }
}
$count = 0;
while (!feof($stream) && $count <= (int) $limit) {
    $bytes = (string) fread($stream, 65536);
    $count += strlen($bytes);
    echo $bytes;
}
if ($count > (int) $limit || ($length !== null && $count !== $length) || stream_get_meta_data($stream)['timed_out']) {
    file_put_contents('php://stderr', "$address did not come whole, or is too large\n");
    exit(1);
}
