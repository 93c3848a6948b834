# Prints the files of a site that look as if they were put there by somebody else. PHP runs the program as the site's owner.
verb_site_suspicious() {
  select_site "$1"
  enter_site
  site_php 300 -d display_errors=0 -d log_errors=0 -d memory_limit=256M -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -f "$parts/php/site-suspicious.php" -- "$path" </dev/null
}
