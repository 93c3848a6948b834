# The paths of a site that matter most, 100 at the most: the tree is read four folders deep at no place.
verb_site_sentinels() {
  select_site "$1"
  enter_site
  find -P . -xdev \
    \( -path . -o -path ./wp-content -o -path ./wp-content/plugins -o -path ./wp-content/themes \) \
    -printf "$path_format" -o \
    \( -path ./wp-config.php -o -path ./.htaccess -o -path ./index.php -o -path ./wp-admin -o -path ./wp-includes \
    -o -path ./wp-content/uploads -o -path './wp-content/plugins/*' -o -path './wp-content/themes/*' \) \
    -printf "$path_format" -prune -o -prune | head -z -n 100
}
