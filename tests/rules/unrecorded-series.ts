/** Series that the promtool tests have and the lab does not export, by the reason. One that it exports must not stand here. */
export const unrecordedSeries: Readonly<Record<string, readonly string[]>> = {
  "The lab's site has no certificate; those of the tests of the collector http have one.": [
    'probe_ssl_earliest_cert_expiry{job="site"}',
  ],
  'Where two exporters read the same site, their operator adds a label that tells them apart.': [
    'mysql_up{job="site",exporter}',
    'probe_duration_seconds{job="site",exporter}',
    'probe_http_redirected_away{job="site",exporter}',
    'probe_success{job="site",exporter}',
    'up{job="site",exporter}',
    'wordpress_log_fatals_total{job="site",exporter,kind,log,slug}',
    'wordpress_log_requests_total{job="site",exporter,log,status}',
    'wordpress_suspicious_files{job="site",exporter,rule}',
  ],
  "Alertmanager 0.33 tells the reason; the lab's is Debian's, 0.25.": [
    'alertmanager_notifications_failed_total{job="alertmanager",integration,reason}',
  ],
};
