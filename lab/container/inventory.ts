import { FREQTRADE_LOGIN } from '../bot/freqtrade-double.ts';
import { PHP_FPM_STATUS_PATH } from '../site/php-fpm.ts';
import { configFileOf } from '../site/supervisor.ts';
import { sitePathOf } from '../site/wordpress-site.ts';
import { DEMO, demoUrl } from './places.ts';

const services = ['mariadb', 'php-fpm', 'nginx'];

/** The steward.yml of docker-compose.yml with its profile `demo`, in which what the demo breaks is healed at once. */
export function demoInventory(hostKey: string): object {
  return {
    hosts: {
      lab: {
        address: DEMO.name,
        port: DEMO.ports.ssh,
        user: 'steward',
        read_key_file: 'secrets/read/lab',
        act_key_file: 'secrets/act/lab',
        host_key: hostKey,
        services: services.map((name) => ({
          name,
          manager: 'supervisor',
          config: configFileOf(DEMO.folder),
        })),
      },
    },
    sites: {
      blog: {
        host: 'lab',
        url: demoUrl('site'),
        path: sitePathOf(DEMO.folder),
        owner: 'www-data',
        services,
        php_fpm: { socket: `${DEMO.folder}/php-fpm.sock`, status_path: PHP_FPM_STATUS_PATH },
        logs: [
          { file: `${DEMO.folder}/nginx-access.log`, format: 'nginx-access' },
          { file: `${DEMO.folder}/nginx-error.log`, format: 'nginx-error' },
        ],
      },
    },
    bots: {
      trend: {
        kind: 'freqtrade',
        url: demoUrl('bot'),
        username: FREQTRADE_LOGIN.username,
        password_file: 'secrets/bots/trend_password',
        host: 'lab',
      },
    },
    jobs: { 'nightly-backup': { every: '24h' } },
    policies: [
      { name: 'fix-permissions', mode: 'auto' },
      { name: 'restart-service', mode: 'auto' },
    ],
    remediator: { listen: '0.0.0.0:9841', external_url: 'http://127.0.0.1:9841' },
    exporter: {
      listen: '0.0.0.0:9840',
      url: 'http://exporter:9840',
      wordpress_org: { api_url: demoUrl('wordPressOrg'), downloads_url: demoUrl('wordPressOrg') },
    },
    prometheus: { url: 'http://prometheus:9090' },
    alertmanager: { url: 'http://alertmanager:9093' },
  };
}
