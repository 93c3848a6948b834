<?php

namespace Steward;

/**
 * Asks the database of a site how it is, with the site's own credentials, which are read out of wp-config.php without running it.
 * Prints one line of JSON: what was measured, or why nothing could be. Neither has the credentials in it.
 */

/** The settings of the server and what it counts, by the names of SHOW GLOBAL STATUS and SHOW GLOBAL VARIABLES. */
const STATUS = [
    'Threads_connected', 'Threads_running', 'Max_used_connections', 'Slow_queries', 'Questions', 'Uptime', 'Aborted_connects',
];
const VARIABLES = ['max_connections'];

list(, $steward_path) = $argv;
try {
    $steward_answer = ['state' => 'up'] + measured(opened(credentials($steward_path)));
} catch (\Throwable $steward_error) {
    $steward_answer = unanswered($steward_error);
}
echo json_encode($steward_answer), "\n";

function measured(\mysqli $connection)
{
    limit_statements($connection, 1);
    return figures($connection, 'STATUS', STATUS) + figures($connection, 'VARIABLES', VARIABLES)
        + ['crashed_tables' => crashed_tables($connection)];
}

function figures(\mysqli $connection, $kind, array $names)
{
    $rows = $connection->query("SHOW GLOBAL $kind WHERE Variable_name IN ('" . implode("', '", $names) . "')");
    $figures = [];
    foreach ($rows->fetch_all(MYSQLI_NUM) as $row) {
        $figures[$row[0]] = (int) $row[1];
    }
    return $figures;
}

/** How many tables cannot be opened, 1000 at most; null where the statement took too long. */
function crashed_tables(\mysqli $connection)
{
    try {
        return count(unopened_tables($connection));
    } catch (\mysqli_sql_exception $tooSlow) {
        return null;
    }
}
