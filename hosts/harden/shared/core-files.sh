# Runs core-files.php, which reads and writes the site's own files as its owner.
core_files() {
  site_php 200 -d display_errors=0 -d log_errors=0 -d memory_limit=256M -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -f "$parts/php/core-files.php" -- "$1" "$path"
}
