<?php

namespace Steward;

/** The folder of WordPress's own files, with a slash at its end. */
function root()
{
    return defined('ABSPATH') ? rtrim((string) ABSPATH, '/') . '/' : Site::$path . '/';
}

function content_folder()
{
    return defined('WP_CONTENT_DIR') ? rtrim((string) WP_CONTENT_DIR, '/') : root() . 'wp-content';
}

/** Whether a constant is there and is neither false, 0 nor empty. */
function is_on($constant)
{
    return defined($constant) && (bool) constant($constant);
}

function is_network()
{
    return is_on('MULTISITE') || (!defined('MULTISITE') && (defined('SUBDOMAIN_INSTALL') || defined('VHOST')));
}

/** The prefix of the tables that all sites of an installation share. */
function base_prefix()
{
    $prefix = isset($GLOBALS['table_prefix']) ? (string) $GLOBALS['table_prefix'] : 'wp_';
    if (is_network() && Site::$isLoaded) {
        $prefix = (string) $GLOBALS['wpdb']->base_prefix;
    }
    if (!preg_match('/^[A-Za-z0-9_]*$/D', $prefix)) {
        throw new Unavailable('the table prefix in wp-config.php holds characters that WordPress does not take');
    }
    return $prefix;
}

/** A table of this site. */
function table($name)
{
    return '`' . site_prefix() . $name . '`';
}

/** A table that all sites of a network share. */
function shared_table($name)
{
    return '`' . base_prefix() . $name . '`';
}

function site_prefix()
{
    $number = site_number();
    return $number > 1 ? base_prefix() . $number . '_' : base_prefix();
}

/** Which site of a network it is: what WordPress found, or else the one with the host and path of the address. */
function site_number()
{
    static $number = null;
    if ($number === null) {
        $number = is_network() ? (Site::$isLoaded ? (int) get_current_blog_id() : look_up_site()) : 1;
    }
    return $number;
}

function look_up_site()
{
    $path = rtrim((string) strtok(Site::$uri, '?'), '/') . '/';
    $found = value(
        'SELECT blog_id FROM ' . shared_table('blogs') . ' WHERE domain = ' . quoted(Site::$host) .
        ' AND path IN (' . quoted_list([$path, '/']) . ') ORDER BY LENGTH(path) DESC LIMIT 1'
    );
    return $found === null ? 1 : (int) $found;
}

/** An option of the site as WordPress keeps it in its table, or null. */
function option($name)
{
    $text = value('SELECT option_value FROM ' . table('options') . ' WHERE option_name = ' . quoted($name));
    return $text === null ? null : decoded($text);
}

/** An option of the whole installation: of the network where there is one. */
function network_option($name)
{
    if (!is_network()) {
        return option($name);
    }
    $network = Site::$isLoaded ? (int) get_current_network_id() : (int) (defined('SITE_ID_CURRENT_SITE') ? SITE_ID_CURRENT_SITE : 1);
    $text = value(
        'SELECT meta_value FROM ' . shared_table('sitemeta') . ' WHERE meta_key = ' . quoted($name) .
        " AND site_id = $network LIMIT 1"
    );
    return $text === null ? null : decoded($text);
}

/** A transient of the whole installation: with a persistent object cache it is nowhere else. */
function network_transient($name)
{
    if (has_object_cache()) {
        $value = get_site_transient($name);
        return $value === false ? null : $value;
    }
    return network_option("_site_transient_$name");
}

function transient($name)
{
    if (has_object_cache()) {
        $value = get_transient($name);
        return $value === false ? null : $value;
    }
    return option("_transient_$name");
}

/** Whether transients are kept in a persistent object cache. Where that does not load, nobody can say what they are. */
function has_object_cache()
{
    if (Site::$isLoaded) {
        return (bool) wp_using_ext_object_cache();
    }
    if (is_file(content_folder() . '/object-cache.php')) {
        throw new Unavailable('it is kept in the object cache, which does not load');
    }
    return false;
}

/** Reads what PHP serialized; no object but a plain one is made from it. */
function decoded($text)
{
    if (!preg_match('/^(?:[absdiO]:|N;)/', $text)) {
        return $text;
    }
    $value = @unserialize($text, ['allowed_classes' => ['stdClass']]);
    return $value === false && $text !== 'b:0;' ? $text : $value;
}

/** An option that should be a list or map; an empty one where it is not there. */
function array_of($value)
{
    return is_array($value) ? $value : [];
}
