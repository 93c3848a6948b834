<?php

/** Prints how the OPcache of the pool that runs this is, as JSON; the names of the cached scripts are left out. */

// Pools share what is compiled, and one of them may disable the function: a name that is known when this is compiled would end its
// process with a segmentation fault. This one is known when it runs.
$ask = isset($_SERVER['SCRIPT_NAME']) ? 'opcache_get_status' : '';
$status = function_exists($ask) ? @$ask(false) : false;
header('Content-Type: application/json');
echo json_encode([
    'is_loaded' => extension_loaded('Zend OPcache'),
    'is_callable' => function_exists($ask),
    'is_restricted' => (string) ini_get('opcache.restrict_api') !== '',
    'status' => $status === false ? null : $status,
]);
