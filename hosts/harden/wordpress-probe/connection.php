<?php

namespace Steward;

/** The connection to the site's database, made once with what wp-config.php says. */
function connection()
{
    static $connection = null;
    static $failure = null;
    if ($failure !== null) {
        throw $failure;
    }
    try {
        return $connection = $connection ?: connect();
    } catch (\Throwable $error) {
        throw $failure = new Unavailable('the database: ' . $error->getMessage());
    }
}

function connect()
{
    if (!class_exists('mysqli')) {
        throw new Unavailable('PHP on the command line has no mysqli; on Debian or Ubuntu: apt-get install php-mysql');
    }
    foreach (['DB_HOST', 'DB_USER', 'DB_PASSWORD', 'DB_NAME'] as $name) {
        if (!defined($name)) {
            throw new Unavailable("wp-config.php did not get to set $name");
        }
    }
    list($host, $port, $socket) = database_address((string) DB_HOST);
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $connection = mysqli_init();
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
    $flags = defined('MYSQL_CLIENT_FLAGS') ? MYSQL_CLIENT_FLAGS : 0;
    // The message of a warning holds nothing that the exception does not.
    @$connection->real_connect($host, DB_USER, DB_PASSWORD, DB_NAME, $port, $socket, $flags);
    $connection->set_charset('utf8mb4');
    $connection->query("SET SESSION time_zone = '+00:00', SESSION sql_mode = ''");
    $connection->query('SET SESSION TRANSACTION READ ONLY');
    limit_statements($connection, 3);
    return $connection;
}

/** The rows of a query, each an array of texts by column. */
function rows($sql)
{
    return connection()->query($sql)->fetch_all(MYSQLI_ASSOC);
}

/** The first column of the first row, or null. */
function value($sql)
{
    $row = connection()->query($sql)->fetch_row();
    return $row === null || $row === false ? null : $row[0];
}

/** A text as it may stand in a query. */
function quoted($text)
{
    return "'" . connection()->real_escape_string((string) $text) . "'";
}

/** Texts as they may stand in an IN (…); never an empty list, which is no SQL. */
function quoted_list(array $texts)
{
    return implode(', ', array_map('Steward\quoted', $texts ?: ['']));
}
