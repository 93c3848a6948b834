<?php

/** Empties the OPcache of the pool that runs this, and says whether it did, as JSON. Scripts are compiled anew when they are next asked for. */

// Pools share what is compiled, and one of them may disable the function: a name that is known when this is compiled would end its
// process with a segmentation fault. This one is known when it runs.
$reset = isset($_SERVER['SCRIPT_NAME']) ? 'opcache_reset' : '';
header('Content-Type: application/json');
echo json_encode(['was_reset' => function_exists($reset) && @$reset()]);
