import { expect, test } from '@jest/globals';
import { configurationTest } from '../../../hosts/service-managers/configuration-test.ts';

test.each([
  ['nginx', ['nginx', '-t', '-q']],
  ['apache2', ['apache2ctl', 'configtest']],
  ['php8.2-fpm', ['php-fpm8.2', '-t']],
  ['php8.10-fpm', ['php-fpm8.10', '-t']],
  ['mariadb', undefined],
  ['nginx-debug', undefined],
  ['php-fpm', undefined],
])('%s is tested by %j', (name, argv) => {
  expect(configurationTest({ name, manager: 'systemd' })).toEqual(argv);
  expect(configurationTest({ name, manager: 'sysv' })).toEqual(argv);
  expect(configurationTest({ name, manager: 'supervisor' })).toBeUndefined();
});

test.each([
  ['nginx', ['nginx', '-t', '-q']],
  ['shop-nginx-1', ['nginx', '-t', '-q']],
  ['proxy_nginx', ['nginx', '-t', '-q']],
  ['apache', ['apachectl', 'configtest']],
  ['shop-apache2-1', ['apachectl', 'configtest']],
  ['httpd', ['apachectl', 'configtest']],
  ['php-fpm', ['php-fpm', '-t']],
  ['blog-php8.2-fpm-1', ['php-fpm', '-t']],
])('the container %s is tested inside by %j', (name, argv) => {
  expect(configurationTest({ name, manager: 'docker' })).toEqual(['docker', 'exec', name, ...argv]);
});

test.each(['mariadb', 'nginx-exporter', 'mynginx', 'php-fpm-exporter-1'])(
  'the container %s is no web server',
  (name) => {
    expect(configurationTest({ name, manager: 'docker' })).toBeUndefined();
  },
);

test('steward.yml says another test, or none', () => {
  const nginx = { name: 'nginx', manager: 'systemd' } as const;
  expect(configurationTest({ ...nginx, config_test: ['check', '-x'] })).toEqual(['check', '-x']);
  expect(configurationTest({ ...nginx, config_test: [] })).toBeUndefined();
});
