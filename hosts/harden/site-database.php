<?php

namespace Steward;

/**
 * Asks the database of a site how it is, with the site's own credentials, which are read out of wp-config.php without running it.
 * Prints one line of JSON: what was measured, or why nothing could be. Neither has the credentials in it.
 */

const CONFIG_LIMIT_BYTES = 262144;
const REASON_LIMIT_CHARACTERS = 300;

/** What errors mean, in words without the account's name: https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const MEANINGS = [
    1040 => 'it has no connection left (max_connections)',
    1044 => 'it refuses the account of wp-config.php the database DB_NAME',
    1045 => 'it refuses DB_USER with DB_PASSWORD of wp-config.php',
    1049 => 'it has no database DB_NAME',
    1129 => 'it blocks this host after too many failed connections; run FLUSH HOSTS there',
    1130 => 'it takes no connections from this host',
    1203 => 'the account of wp-config.php has no connection left (max_user_connections)',
    1226 => 'the account of wp-config.php has used up a limit of its own',
];

/** Nothing was asked of the database. */
class Unknown extends \RuntimeException
{
}

/** The settings of the server and what it counts, by the names of SHOW GLOBAL STATUS and SHOW GLOBAL VARIABLES. */
const STATUS = [
    'Threads_connected', 'Threads_running', 'Max_used_connections', 'Slow_queries', 'Questions', 'Uptime', 'Aborted_connects',
];
const VARIABLES = ['max_connections'];

list(, $steward_path) = $argv;
try {
    $steward_answer = ['state' => 'up'] + measured(credentials($steward_path));
} catch (Unknown $steward_error) {
    $steward_answer = ['state' => 'unknown', 'reason' => $steward_error->getMessage()];
} catch (\mysqli_sql_exception $steward_error) {
    $steward_answer = down($steward_error->getCode(), $steward_error->getMessage());
} catch (\Throwable $steward_error) {
    // The message is kept back: it may name what a function was called with.
    $steward_answer = ['state' => 'unknown', 'reason' => 'PHP failed with ' . get_class($steward_error) . ' on line ' . $steward_error->getLine()];
}
if (isset($steward_answer['reason'])) {
    $steward_answer['reason'] = substr(preg_replace('/[^\x20-\x7e]/', '?', $steward_answer['reason']), 0, REASON_LIMIT_CHARACTERS);
}
echo json_encode($steward_answer), "\n";

/** Errors of the client, from 2000 on, say what the system said; those of the server may name the account, and are put in other words. */
function down($code, $message)
{
    if ($code >= 2000 && $code < 3000) {
        return ['state' => 'down', 'kind' => 'unreachable', 'reason' => $message];
    }
    $reason = isset(MEANINGS[$code]) ? MEANINGS[$code] : "it answers with error $code";
    return ['state' => 'down', 'kind' => 'refused', 'reason' => $reason];
}

function credentials($path)
{
    $file = config_file($path);
    if ($file === null) {
        throw new Unknown("there is no wp-config.php in $path nor above it");
    }
    $text = @file_get_contents($file, false, null, 0, CONFIG_LIMIT_BYTES + 1);
    if ($text === false) {
        throw new Unknown("the owner of the site cannot read $file");
    }
    if (strlen($text) > CONFIG_LIMIT_BYTES) {
        throw new Unknown("$file is larger than 256 KiB");
    }
    $defines = literal_defines($text);
    $found = [];
    foreach (['DB_HOST', 'DB_USER', 'DB_PASSWORD', 'DB_NAME'] as $name) {
        $values = isset($defines[$name]) ? $defines[$name] : [];
        if ($values === []) {
            throw new Unknown("$file does not define $name");
        }
        if (in_array(null, $values, true)) {
            throw new Unknown("$file computes $name; only a plain text in quotes can be read without running the file");
        }
        if (count(array_unique($values)) > 1) {
            throw new Unknown("$file defines $name more than once, with different values");
        }
        $found[$name] = $values[0];
    }
    return $found;
}

/** The values of each `define('NAME', 'text')`, in order; null stands for one that is not a plain text. */
function literal_defines($text)
{
    $tokens = significant_tokens($text);
    $found = [];
    foreach ($tokens as $at => $token) {
        if (!is_array($token) || strtolower(ltrim($token[1], '\\')) !== 'define' || text_at($tokens, $at + 1) !== '(') {
            continue;
        }
        $name = literal(text_at($tokens, $at + 2));
        if ($name !== null && text_at($tokens, $at + 3) === ',') {
            $isWhole = in_array(text_at($tokens, $at + 5), [')', ','], true);
            $found[$name][] = $isWhole ? literal(text_at($tokens, $at + 4)) : null;
        }
    }
    return $found;
}

function measured(array $credentials)
{
    if (!class_exists('mysqli')) {
        throw new Unknown('PHP on the command line has no mysqli; on Debian or Ubuntu: apt-get install php-mysql');
    }
    list($host, $port, $socket) = database_address($credentials['DB_HOST']);
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $connection = mysqli_init();
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 2);
    // The message of a warning holds nothing that the exception does not.
    @$connection->real_connect(
        $host, $credentials['DB_USER'], $credentials['DB_PASSWORD'], $credentials['DB_NAME'], $port, $socket
    );
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

/** A table that cannot be opened has no engine; null where the statement took too long. */
function crashed_tables(\mysqli $connection)
{
    try {
        $rows = $connection->query(
            'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()' .
            " AND TABLE_TYPE = 'BASE TABLE' AND ENGINE IS NULL LIMIT 1000"
        );
        return $rows->num_rows;
    } catch (\mysqli_sql_exception $tooSlow) {
        return null;
    }
}
