# Asks the site's database how it is.
verb_site_database() {
  select_site "$1"
  enter_site
  database_php 5 2 <<'END_OF_CLIENT'
@SITE_DATABASE@
END_OF_CLIENT
}

# database_php <seconds> <seconds that the database may be silent>
# PHP runs the text of standard input as the site's owner; it reads the credentials out of wp-config.php without running that file, and
# prints none of them.
database_php() {
  site_php "$1" -d display_errors=0 -d log_errors=0 -d zend.exception_ignore_args=1 -d memory_limit=64M \
    -d mysqlnd.net_read_timeout="$2" -d auto_prepend_file= -d auto_append_file= -d open_basedir= -- "$path"
}
