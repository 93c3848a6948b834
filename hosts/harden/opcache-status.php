<?php

/** Prints how the OPcache of the pool that runs this is, as JSON; the names of the cached scripts are left out. */

$status = function_exists('opcache_get_status') ? @opcache_get_status(false) : false;
header('Content-Type: application/json');
echo json_encode([
    'is_loaded' => extension_loaded('Zend OPcache'),
    'is_callable' => function_exists('opcache_get_status'),
    'is_restricted' => (string) ini_get('opcache.restrict_api') !== '',
    'status' => $status === false ? null : $status,
]);
