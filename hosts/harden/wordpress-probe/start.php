<?php

namespace Steward;

/** What the web server would say of a visit. */
function pretend_visit($scheme)
{
    $_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = Site::$host;
    $_SERVER['REQUEST_URI'] = Site::$uri;
    $_SERVER['REQUEST_METHOD'] = 'GET';
    $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
    $_SERVER['REMOTE_ADDR'] = '127.0.0.1';
    $_SERVER['HTTP_USER_AGENT'] = 'steward';
    if ($scheme === 'https') {
        $_SERVER['HTTPS'] = 'on';
        $_SERVER['SERVER_PORT'] = '443';
    }
}

/** Tells WordPress to load no plugin, no theme and no page cache, and to do so while it is being updated, too. */
function limit_loading($path)
{
    define('SHORTINIT', true);
    if (is_file("$path/wp-load.php")) {
        define('ABSPATH', "$path/");
    }
    $no = ['function' => 'Steward\no', 'accepted_args' => 0];
    $GLOBALS['wp_filter'] = [
        'enable_maintenance_mode' => [10 => ['steward' => $no]],
        'enable_loading_advanced_cache_dropin' => [10 => ['steward' => $no]],
    ];
}

function no()
{
    return false;
}

list(, Site::$path, $steward_scheme, Site::$host, Site::$uri) = $argv;
Site::$now = time();
register_shutdown_function('Steward\finish');
ob_start('Steward\swallow', 4096);
pretend_visit($steward_scheme);
$steward_config = config_file(Site::$path);
if ($steward_config === null) {
    Site::$loadError = 'there is no wp-config.php in ' . Site::$path . ' nor above it';
} else {
    limit_loading(Site::$path);
    try {
        require $steward_config;
        Site::$isLoaded = isset($GLOBALS['wpdb']) && function_exists('get_current_blog_id');
        Site::$loadError = 'wp-config.php does not load wp-settings.php';
    } catch (\Throwable $steward_error) {
        Site::$loadError = $steward_error->getMessage() . ' in ' . $steward_error->getFile() . ' on line ' . $steward_error->getLine();
    }
}
