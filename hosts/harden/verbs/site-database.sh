# Asks the site's database how it is.
verb_site_database() {
  select_site "$1"
  enter_site
  database_php site-database 5 2
}
