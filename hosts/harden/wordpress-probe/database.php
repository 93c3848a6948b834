<?php

namespace Steward;

/** Tables that come with WordPress; all others were made by plugins. */
const CORE_TABLES = [
    'commentmeta', 'comments', 'links', 'options', 'postmeta', 'posts', 'term_relationships', 'term_taxonomy', 'termmeta', 'terms',
    'usermeta', 'users', 'blogmeta', 'blogs', 'registration_log', 'signups', 'site', 'sitemeta',
];

function read_database()
{
    $rows = rows(
        'SELECT TABLE_NAME AS name, DATA_LENGTH AS data, INDEX_LENGTH AS indexes, DATA_FREE AS free FROM information_schema.TABLES' .
        ' WHERE TABLE_SCHEMA = ' . quoted(DB_NAME) . " AND TABLE_TYPE = 'BASE TABLE' LIMIT 20000"
    );
    $groups = [];
    foreach (['core', 'other'] as $group) {
        $groups[$group] = ['tables' => 0, 'data' => 0, 'index' => 0, 'overhead' => 0];
    }
    foreach ($rows as $row) {
        $group = is_core_table($row['name']) ? 'core' : 'other';
        $groups[$group]['tables'] += 1;
        $groups[$group]['data'] += (int) $row['data'];
        $groups[$group]['index'] += (int) $row['indexes'];
        $groups[$group]['overhead'] += (int) $row['free'];
    }
    return $groups;
}

function is_core_table($name)
{
    $prefix = base_prefix();
    if (strncmp($name, $prefix, strlen($prefix)) !== 0) {
        return false;
    }
    // The sites of a network have their number in front.
    return in_array(preg_replace('/^\d+_/', '', substr($name, strlen($prefix))), CORE_TABLES, true);
}

/** Sums over the table of options; the autoload flags are those of WordPress before and since 6.6. */
function read_options()
{
    $options = table('options');
    $autoload = rows("SELECT COUNT(*) AS number, COALESCE(SUM(LENGTH(option_value)), 0) AS bytes FROM $options" .
        " WHERE autoload IN ('yes', 'on', 'auto', 'auto-on')")[0];
    $transients = [
        "option_name LIKE '\\_transient\\_%' AND option_name NOT LIKE '\\_transient\\_timeout\\_%'",
        "option_name LIKE '\\_site\\_transient\\_%' AND option_name NOT LIKE '\\_site\\_transient\\_timeout\\_%'",
    ];
    $expired = [
        "option_name LIKE '\\_transient\\_timeout\\_%' AND option_value < " . Site::$now,
        "option_name LIKE '\\_site\\_transient\\_timeout\\_%' AND option_value < " . Site::$now,
    ];
    $count = function (array $conditions) use ($options) {
        return (int) value("SELECT COUNT(*) FROM $options WHERE (" . implode(') OR (', $conditions) . ')');
    };
    return [
        'autoload_options' => (int) $autoload['number'],
        'autoload_bytes' => (int) $autoload['bytes'],
        'transients' => $count($transients),
        'transients_expired' => $count($expired),
    ];
}

/** Users by role: `none` are those who have none on this site. */
function read_users()
{
    $users = (int) value('SELECT COUNT(*) FROM ' . shared_table('users'));
    $rows = rows(
        'SELECT meta_value AS value, COUNT(*) AS number FROM ' . shared_table('usermeta') .
        ' WHERE meta_key = ' . quoted(site_prefix() . 'capabilities') . ' GROUP BY meta_value LIMIT 1000'
    );
    $roles = ['none' => 0];
    $known = 0;
    foreach ($rows as $row) {
        $held = array_keys(array_filter(array_of(decoded($row['value']))));
        $known += (int) $row['number'];
        foreach ($held ?: ['none'] as $role) {
            $roles[$role] = (isset($roles[$role]) ? $roles[$role] : 0) + (int) $row['number'];
        }
    }
    if (!is_network()) {
        $roles['none'] += max(0, $users - $known);
    }
    arsort($roles);
    return ['roles' => (object) array_slice($roles, 0, 100, true)];
}

/** WordPress keeps its own schedule in one option: [due time => [hook => [key of the arguments => event]]]. */
function cron_events()
{
    $events = [];
    foreach (array_of(option('cron')) as $due => $hooks) {
        if (!is_int($due) && !ctype_digit((string) $due)) {
            continue;
        }
        foreach (array_of($hooks) as $hook => $calls) {
            foreach (array_of($calls) as $key => $event) {
                $args = is_array($event) && isset($event['args']) ? array_of($event['args']) : [];
                $events[] = ['due' => (int) $due, 'hook' => (string) $hook, 'key' => (string) $key, 'args' => $args];
            }
        }
    }
    return $events;
}

function read_cron()
{
    $events = cron_events();
    $calls = [];
    $overdue = 0;
    foreach ($events as $event) {
        $calls[$event['hook'] . ' ' . $event['key']] = true;
        $overdue += $event['due'] < Site::$now ? 1 : 0;
    }
    $due = array_column($events, 'due');
    return [
        'events' => count($events),
        'overdue' => $overdue,
        'duplicates' => count($events) - count($calls),
        'oldest_due' => $due ? min($due) : null,
        'disabled' => is_on('DISABLE_WP_CRON'),
    ];
}
