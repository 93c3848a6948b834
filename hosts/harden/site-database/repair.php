<?php

namespace Steward;

// Repairs the tables of a site that cannot be opened, and no other. REPAIR TABLE without USE_FRM and FORCE: MyISAM and Aria mend what
// they can read, InnoDB says that it has no repairs.

list(, $steward_path) = $argv;
try {
    $steward_connection = opened(credentials($steward_path));
    $steward_connection->set_charset('utf8mb4');
    $steward_tables = unopened_tables($steward_connection);
    foreach ($steward_tables as $steward_table) {
        foreach (repair($steward_connection, $steward_table) as $steward_line) {
            echo plain("$steward_table: $steward_line"), "\n";
        }
    }
    $steward_left = count(array_intersect($steward_tables, unopened_tables($steward_connection)));
    echo 'repaired ', count($steward_tables) - $steward_left, ' of ', count($steward_tables), "\n";
    exit($steward_left === 0 ? 0 : 1);
} catch (\Throwable $steward_error) {
    file_put_contents('php://stderr', unanswered($steward_error)['reason'] . "\n");
    exit(1);
}

/** What the server says of the repair of one table, such as how many rows were lost. */
function repair(\mysqli $connection, $table)
{
    $rows = $connection->query('REPAIR TABLE `' . str_replace('`', '``', $table) . '`');
    return array_column($rows->fetch_all(MYSQLI_ASSOC), 'Msg_text');
}
