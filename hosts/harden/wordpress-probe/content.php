<?php

namespace Steward;

const STATUSES = ['publish', 'future', 'draft', 'pending', 'private'];
const POST_TYPES_LIMIT = 30;
const SCHEDULED_LIMIT = 2000;
/** So many of the newest posts of a status are looked at for what is missing in them, and of the oldest for when they were changed. */
const LOOKED_AT_LIMIT = 200;

function read_content()
{
    $types = post_counts();
    foreach (array_keys($types) as $type) {
        $types[$type] += published($type);
    }
    return [
        'types' => (object) $types,
        'scheduled' => scheduled($types),
        'oldest_draft' => oldest_change('draft', $types),
        'oldest_pending' => oldest_change('pending', $types),
        'invalid' => invalid_posts(),
    ];
}

/** Posts by type and status, of the types with the most posts. The index `type_status_date` answers it. */
function post_counts()
{
    $rows = rows(
        'SELECT post_type, post_status, COUNT(*) AS number FROM ' . table('posts') .
        ' WHERE post_status IN (' . quoted_list(STATUSES) . ") AND post_type NOT IN ('revision', 'attachment')" .
        ' GROUP BY post_type, post_status ORDER BY post_type LIMIT 5000'
    );
    $types = ['post' => array_fill_keys(STATUSES, 0), 'page' => array_fill_keys(STATUSES, 0)];
    $others = [];
    foreach ($rows as $row) {
        $type = $row['post_type'];
        if (!isset($types[$type])) {
            $others[$type] = isset($others[$type]) ? $others[$type] : array_fill_keys(STATUSES, 0);
            $others[$type][$row['post_status']] = (int) $row['number'];
        } else {
            $types[$type][$row['post_status']] = (int) $row['number'];
        }
    }
    uasort($others, function ($one, $other) {
        return array_sum($other) <=> array_sum($one);
    });
    $kept = $types + array_slice($others, 0, POST_TYPES_LIMIT - count($types), true);
    return array_map(function ($counts) {
        return ['statuses' => $counts];
    }, $kept);
}

/** When a post of the type was last published, and how many in the last day and week; scheduled ones are none of them. */
function published($type)
{
    // The index knows local time only: 15 hours is more than any zone is away from UTC.
    $row = rows(
        'SELECT COALESCE(SUM(post_date_gmt >= ' . date_before(86400) . '), 0) AS day, COUNT(*) AS week FROM ' . table('posts') .
        ' WHERE post_type = ' . quoted($type) . " AND post_status = 'publish'" .
        ' AND post_date >= ' . date_before(7 * 86400 + 15 * 3600) . ' AND post_date_gmt >= ' . date_before(7 * 86400)
    )[0];
    $last = value(
        'SELECT ' . seconds_of('post_date_gmt') . ' FROM ' . table('posts') .
        ' WHERE post_type = ' . quoted($type) . " AND post_status = 'publish' ORDER BY post_date DESC LIMIT 1"
    );
    return ['last_published' => timestamp($last), 'published' => ['24h' => (int) $row['day'], '7d' => (int) $row['week']]];
}

function date_before($seconds)
{
    return "'" . gmdate('Y-m-d H:i:s', Site::$now - $seconds) . "'";
}

/** Seconds since the epoch of a date in UTC. UNIX_TIMESTAMP() says 0 for all that is after January 2038. */
function seconds_of($date)
{
    return "TIMESTAMPDIFF(SECOND, '1970-01-01', $date)";
}

/** A date that MySQL cannot take for a time, such as 0000-00-00, is 0 or null there. */
function timestamp($text)
{
    return $text === null || (int) $text <= 0 ? null : (int) $text;
}

/** The queue of each type: what is to come, what was missed, and what no event will ever publish, among the next 2000. */
function scheduled(array $types)
{
    $hasEvent = [];
    foreach (cron_events() as $event) {
        if ($event['hook'] === 'publish_future_post' && isset($event['args'][0]) && is_scalar($event['args'][0])) {
            $hasEvent[(string) $event['args'][0]] = true;
        }
    }
    return (object) array_map(function ($type) use ($hasEvent) {
        return queue_of($type, $hasEvent);
    }, array_combine(array_keys($types), array_keys($types)));
}

function queue_of($type, array $hasEvent)
{
    $from = ' FROM ' . table('posts') . ' WHERE post_type = ' . quoted($type) . " AND post_status = 'future' ORDER BY post_date";
    $queue = ['missed' => 0, 'without_event' => 0, 'next' => null, 'horizon' => null];
    foreach (rows('SELECT ID, ' . seconds_of('post_date_gmt') . " AS due$from LIMIT " . SCHEDULED_LIMIT) as $post) {
        $queue['without_event'] += isset($hasEvent[$post['ID']]) ? 0 : 1;
        if ((int) $post['due'] < Site::$now) {
            $queue['missed'] += 1;
        } elseif ($queue['next'] === null) {
            $queue['next'] = (int) $post['due'];
        }
    }
    $last = timestamp(value('SELECT ' . seconds_of('post_date_gmt') . "$from DESC LIMIT 1"));
    $queue['horizon'] = $last !== null && $last >= Site::$now ? $last : null;
    return $queue;
}

/** When the draft, or pending post, that was left alone for the longest time was last changed. */
function oldest_change($status, array $types)
{
    $times = [];
    foreach ($types as $type => $found) {
        if ($found['statuses'][$status] > 0) {
            // The date of a draft is when it was last saved, more or less, and the index knows it.
            $times[] = timestamp(value(
                'SELECT ' . seconds_of('MIN(post_modified_gmt)') . ' FROM (SELECT post_modified_gmt FROM ' . table('posts') .
                ' WHERE post_type = ' . quoted($type) . ' AND post_status = ' . quoted($status) .
                ' ORDER BY post_date LIMIT ' . LOOKED_AT_LIMIT . ") oldest WHERE post_modified_gmt > '1970-01-02'"
            ));
        }
    }
    $known = array_filter($times);
    return $known ? min($known) : null;
}

/** Posts of the type `post` in which something is missing, by status, among the newest of each. */
function invalid_posts()
{
    $found = [];
    $default = (int) option('default_category');
    foreach (['publish', 'future', 'pending'] as $status) {
        $newest = '(SELECT ID, post_title, post_content FROM ' . table('posts') .
            " WHERE post_type = 'post' AND post_status = " . quoted($status) .
            ' ORDER BY post_date DESC LIMIT ' . LOOKED_AT_LIMIT . ') newest';
        $row = rows(
            "SELECT COUNT(*) AS posts, COALESCE(SUM(TRIM(post_title) = ''), 0) AS empty_title," .
            " COALESCE(SUM(TRIM(post_content) = ''), 0) AS empty_content," .
            ' COALESCE(SUM(NOT EXISTS (SELECT 1 FROM ' . table('postmeta') . " meta WHERE meta.post_id = newest.ID AND" .
            " meta.meta_key = '_thumbnail_id')), 0) AS no_featured_image," .
            ' COALESCE(SUM(NOT EXISTS (SELECT 1 FROM ' . table('term_relationships') . ' held JOIN ' . table('term_taxonomy') .
            ' kind USING (term_taxonomy_id) WHERE held.object_id = newest.ID AND' .
            " kind.taxonomy = 'category' AND kind.term_id <> $default)), 0) AS uncategorized FROM $newest"
        )[0];
        $found[$status] = array_map('intval', array_slice($row, 1));
    }
    return $found;
}
