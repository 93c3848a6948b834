# Lists everything below a site's folder with what tells whether it was changed: kind, mode, owner, group, size, time of the last change,
# and path; of a link where it leads, too. No link is followed, and no other file system entered.
verb_site_tree() {
  select_site "$1"
  enter_site
  nice -n 15 find -P . -xdev -mindepth 1 \
    \( -type l -printf '%y\t%m\t%u\t%g\t%s\t%T@\t%P\0to\t%l\0' \) -o -printf '%y\t%m\t%u\t%g\t%s\t%T@\t%P\0'
  printf 'end\0'
}
