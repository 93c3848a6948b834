<?php

namespace Steward;

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

/** Why nothing could be had, without the credentials. */
function unanswered(\Throwable $error)
{
    $answer = answer_of($error);
    $answer['reason'] = plain($answer['reason']);
    return $answer;
}

function answer_of(\Throwable $error)
{
    if ($error instanceof Unknown) {
        return ['state' => 'unknown', 'reason' => $error->getMessage()];
    }
    if ($error instanceof \mysqli_sql_exception) {
        return down($error->getCode(), $error->getMessage());
    }
    // The message is kept back: it may name what a function was called with.
    return ['state' => 'unknown', 'reason' => 'PHP failed with ' . get_class($error) . ' on line ' . $error->getLine()];
}

/** A text of somebody else's, as it may be printed. */
function plain($text)
{
    return substr(preg_replace('/[^\x20-\x7e]/', '?', $text), 0, REASON_LIMIT_CHARACTERS);
}

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

function opened(array $credentials)
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
    return $connection;
}

/**
 * The names of the tables that cannot be opened, 1000 at most. MariaDB says of them neither engine nor rows; for the rows it opens
 * each table with its data, for the engine alone only its definition. MySQL 8 knows the engine from its dictionary.
 */
function unopened_tables(\mysqli $connection)
{
    $rows = $connection->query(
        'SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()' .
        " AND TABLE_TYPE = 'BASE TABLE' AND TABLE_ROWS IS NULL AND (ENGINE IS NULL OR ENGINE IN ('MyISAM', 'Aria')) LIMIT 1000"
    );
    return array_column($rows->fetch_all(MYSQLI_NUM), 0);
}
