import { expect, test } from '@jest/globals';
import { serviceManagers } from '../../../hosts/service-managers/service-managers.ts';
import { isPhpFpm } from '../../../hosts/service-managers/php-fpm-service.ts';
import { isWebServer } from '../../../hosts/service-managers/web-server.ts';

test.each([
  ['systemd', 'nginx', ['systemctl', 'reload', '--', 'nginx']],
  ['sysv', 'apache2', ['service', 'apache2', 'reload']],
  ['docker', 'nginx', ['docker', 'kill', '--signal=HUP', '--', 'nginx']],
  ['docker', 'httpd', ['docker', 'kill', '--signal=USR1', '--', 'httpd']],
  ['supervisor', 'apache2', ['supervisorctl', 'signal', 'USR1', 'apache2']],
] as const)('%s reloads %s by a command that ends no request', (manager, name, argv) => {
  expect(serviceManagers[manager].reloadArgv({ name, manager })).toEqual(argv);
});

test('a service is a web server by its whole name', () => {
  const names = ['nginx', 'apache2', 'httpd', 'nginx-exporter', 'redis', 'constructor'];
  expect(names.filter(isWebServer)).toEqual(['nginx', 'apache2', 'httpd']);
});

test('a service is a php-fpm by its name', () => {
  const names = [
    'php8.2-fpm',
    'php-fpm',
    'blog-php-fpm',
    'php-fpm83',
    'php8.2-fpm@blog',
    'php8.2',
    'myphp-fpm',
    'php-fpm-exporter',
  ];
  expect(names.filter(isPhpFpm)).toEqual(names.slice(0, 5));
});
