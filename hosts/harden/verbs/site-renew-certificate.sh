# Has certbot renew the certificate of the site, where certbot itself finds that it is time, and the site's web servers take what is on disk.
# They are reloaded also where nothing was renewed: the new certificate may be there, and nobody has told them.
verb_site_renew_certificate() {
  select_site "$1"
  command -v certbot >/dev/null || fail 'there is no certbot; on Debian or Ubuntu: apt-get install certbot'
  [ -f "/etc/letsencrypt/renewal/$certificate.conf" ] ||
    fail "certbot has no certificate of the name $certificate; write the one that \`certbot certificates\` prints into steward.yml, as \`certificate\` of the site"
  certbot renew --cert-name="$certificate" --non-interactive --no-random-sleep-on-renew </dev/null 2>&1 ||
    fail 'certbot could not renew it; what it said is above, and in /var/log/letsencrypt'
  for each in $web_servers; do
    said=$(service_config_test "$each" 2>&1 </dev/null) || {
      say "$each was not reloaded, for its own configuration test fails: $said"
      return 78
    }
    service_reload "$each" </dev/null || fail "$each could not be reloaded"
    printf 'reloaded %s\n' "$each"
  done
  [ -n "$web_servers" ] || printf 'steward.yml names no web server for the site: nothing was reloaded\n'
}
