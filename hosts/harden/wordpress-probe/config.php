<?php

namespace Steward;

/** Where wp-config.php is: in the site's folder, or one above that has no WordPress of its own, by WordPress's own rule. */
function config_file($path)
{
    if (is_file("$path/wp-config.php")) {
        return "$path/wp-config.php";
    }
    $above = dirname($path);
    return is_file("$above/wp-config.php") && !is_file("$above/wp-settings.php") ? "$above/wp-config.php" : null;
}

/** WordPress takes `host`, `host:port`, `host:/socket`, `host:port:/socket` and `[IPv6]:port`. */
function database_address($address)
{
    if (!preg_match('~^(\[[0-9a-f:.]+\]|[^:/]*)(?::(\d+))?(?::?(/.+))?$~i', $address, $found)) {
        return [$address, 0, null];
    }
    $found += [2 => '', 3 => ''];
    return [trim($found[1], '[]'), (int) $found[2], $found[3] === '' ? null : $found[3]];
}

/** No statement takes longer, said in the words of MariaDB and of MySQL, of which one holds. */
function limit_statements($connection, $seconds)
{
    foreach (["max_statement_time = $seconds", 'max_execution_time = ' . 1000 * $seconds] as $limit) {
        try {
            $connection->query("SET SESSION $limit");
        } catch (\mysqli_sql_exception $unknown) {
            continue;
        }
    }
}
