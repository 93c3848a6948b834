# active_plugins list|remove <folder>, or active_plugins add <files...>
# Reads or changes the option active_plugins, with WordPress loaded as far as its database and its object cache.
active_plugins() {
  site_php 60 -d open_basedir= -f "$parts/php/active-plugins.php" -- "$@" </dev/null
}
