/**
 * What the lab's site and the host around it run on. `nginx` and `php` are named so that `wordpress`, which takes any
 * web server and any PHP, does not bring Apache; `php-fpm` is named so that `php` does not either.
 */
export const sitePackages = [
  'nginx',
  'php-fpm',
  'php',
  'php-cli',
  'php-mysql',
  'mariadb-server',
  'wordpress',
  'wordpress-theme-twentytwentythree',
  'openssh-server',
  'openssh-client',
  'supervisor',
  'sudo',
  'util-linux',
];

/** What the lab runs on: the site, and the loop around it. */
export const demoPackages = [...sitePackages, 'prometheus', 'prometheus-alertmanager'];

/**
 * What only the tests use. The keyring signs the packages of `unpackedPackages`; Ubuntu does not have it by itself. The two
 * exporters are what the host's metrics and the HTTP probe are held against, `webhook` is it for
 * the remediator's speed, `certbot` renews certificates, `victoria-metrics` is a store that Prometheus writes to, and `postgresql` keeps the journal of several replicas.
 */
export const testPackages = [
  'shellcheck',
  'openssl',
  'systemd',
  'ca-certificates',
  'debian-archive-keyring',
  'prometheus-node-exporter',
  'prometheus-blackbox-exporter',
  'webhook',
  'certbot',
  'postgresql',
  'victoria-metrics',
];

/**
 * Programs of a newer generation than the machine's, each with a file that it brings. They are unpacked below the
 * user's cache folder, and not installed.
 */
export const unpackedPackages = {
  prometheus: 'usr/bin/prometheus',
  promtool: 'usr/bin/promtool',
  'prometheus-alertmanager': 'usr/bin/amtool',
  'docker-compose': 'usr/libexec/docker/cli-plugins/docker-compose',
};

/** A newer generation of Docker in the same way, which STEWARD_ENGINE=newer has the tests run on. runc and the init of containers are the machine's. */
export const newerEnginePackages = {
  'docker.io': 'usr/sbin/dockerd',
  'docker-cli': 'usr/bin/docker',
  'docker-buildx': 'usr/libexec/docker/cli-plugins/docker-buildx',
  containerd: 'usr/bin/containerd',
};
