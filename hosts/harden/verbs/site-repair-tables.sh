# Repairs the tables of the site that its database server cannot open.
verb_site_repair_tables() {
  select_site "$1"
  enter_site
  database_php site-repair-tables 570 560
}
