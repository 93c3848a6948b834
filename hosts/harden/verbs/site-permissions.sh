verb_site_permissions() {
  select_site "$1"
  enter_site
  find -P . -xdev -printf "$path_format"
}
