# Repairs the tables of the site that its database server cannot open. PHP runs the text below as the site's owner; it reads the
# credentials out of wp-config.php without running that file, and prints none of them.
verb_site_repair_tables() {
  select_site "$1"
  enter_site
  site_php 570 -d display_errors=0 -d log_errors=0 -d zend.exception_ignore_args=1 \
    -d memory_limit=64M -d mysqlnd.net_read_timeout=560 -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -- "$path" <<'END_OF_REPAIR'
@SITE_REPAIR_TABLES@
END_OF_REPAIR
}
