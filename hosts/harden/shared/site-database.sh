# database_php <program> <seconds> <seconds that the database may be silent>
# PHP runs the program as the site's owner; it reads the credentials out of wp-config.php without running that file, and
# prints none of them.
database_php() {
  site_php "$2" -d display_errors=0 -d log_errors=0 -d zend.exception_ignore_args=1 -d memory_limit=64M \
    -d mysqlnd.net_read_timeout="$3" -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -f "$parts/php/$1.php" -- "$path" </dev/null
}
