# Prints the MD5 of each file of WordPress and of its plugins, and their versions. PHP runs the program as the site's owner.
verb_site_hashes() {
  select_site "$1"
  enter_site
  site_php 300 -d display_errors=0 -d log_errors=0 -d memory_limit=256M -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -f "$parts/php/site-hashes.php" -- "$path" </dev/null
}
