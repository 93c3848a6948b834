# Empties what WordPress rebuilds by itself: the object cache, transients whose time is over, and the page caches of the plugins that
# are known. No plugin is loaded for it, so it works where one of them breaks the site. Links are not followed.
verb_site_clear_caches() {
  select_site "$1"
  enter_site
  site_php 120 -d open_basedir= -f "$parts/php/clear-caches.php" </dev/null
}
