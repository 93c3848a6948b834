import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { readShippedPolicies } from '../../inventory/policies/shipped-policies.ts';
import { FREQTRADE_LOGIN } from '../bot/freqtrade-double.ts';
import { PHP_FPM_STATUS_PATH } from '../site/php-fpm.ts';
import type { WordPressSite } from '../site/wordpress-site.ts';
import type { LabPorts } from './lab-files.ts';

/** What the lab's steward.yml says. */
export interface LabInventory {
  readonly user: string;
  readonly sshPort: number;
  readonly hostKey: string;
  readonly ports: LabPorts;
  readonly intervalSeconds: number;
  readonly site: {
    readonly url: string;
    readonly path: string;
    readonly services: WordPressSite['services'];
    readonly supervisorConfig: string;
    readonly phpSocket: string;
  };
  /** The address of the bot. */
  readonly botUrl: string;
  /** The address of what stands for wordpress.org. */
  readonly wordPressOrgUrl: string;
  /** The names of the shipped policies that act. */
  readonly acting: readonly string[];
}

/** What a steward.yml says. */
export type StewardYml = Readonly<Record<string, unknown>>;

/** Writes steward.yml, as `change` has it: some shipped policies are turned to `auto`, and may act again as soon as their proof is over. */
export async function writeInventory(
  folder: string,
  lab: LabInventory,
  change: (content: StewardYml) => StewardYml = (content) => content,
): Promise<string> {
  const { ports } = lab;
  const address = (port: number) => `127.0.0.1:${port}`;
  const seconds = `${Math.max(10, 4 * lab.intervalSeconds)}s`;
  const shipped = await readShippedPolicies();
  const policy = (name: string) => ({
    name,
    mode: 'auto',
    cooldown: seconds,
    limit: '1000 per 1h',
    verify: { ...(shipped.find((one) => one['name'] === name)?.['verify'] as object), within: seconds },
  });
  const file = join(folder, 'steward.yml');
  const content = {
    ...watched(folder, lab),
    policies: lab.acting.map(policy),
    exporter: {
      listen: address(ports.exporter),
      url: `http://${address(ports.exporter)}`,
      wordpress_org: { api_url: lab.wordPressOrgUrl, downloads_url: lab.wordPressOrgUrl },
      vulnerabilities_url: lab.wordPressOrgUrl,
    },
    remediator: { listen: address(ports.remediator), external_url: `http://${address(ports.remediator)}` },
    prometheus: { url: `http://${address(ports.prometheus)}` },
    alertmanager: { url: `http://${address(ports.alertmanager)}` },
  };
  await writeFile(file, dump(change(content)));
  return file;
}

/** Where the answer of the bot that is no freqtrade has what. */
const gridValues = {
  running: { at: 'state', equals: ['running'] },
  last_loop: { at: 'looped_at' },
  open_positions: { at: 'positions[*]', of: 'count' },
  trades: { at: 'trades' },
  equity: { at: 'equity' },
  profit_realized: { at: 'profit.realized' },
  profit_unrealized: { at: 'profit.unrealized' },
  drawdown: { at: 'drawdown' },
  errors: { at: 'errors' },
};

/** One of each kind, and two bots. */
function watched(folder: string, lab: LabInventory): object {
  const { site } = lab;
  return {
    hosts: {
      lab: {
        address: '127.0.0.1',
        port: lab.sshPort,
        user: lab.user,
        read_key_file: 'secrets/read/lab',
        act_key_file: 'secrets/act/lab',
        host_key: lab.hostKey,
        services: site.services.map(({ name, configTest }) => ({
          name,
          manager: 'supervisor',
          config: site.supervisorConfig,
          ...(configTest !== undefined && { config_test: configTest }),
        })),
      },
    },
    sites: {
      blog: {
        host: 'lab',
        url: site.url,
        path: site.path,
        owner: 'www-data',
        services: site.services.map(({ name }) => name),
        php_fpm: { socket: site.phpSocket, status_path: PHP_FPM_STATUS_PATH },
        logs: [
          { file: join(folder, 'nginx-access.log'), format: 'nginx-access' },
          { file: join(folder, 'nginx-error.log'), format: 'nginx-error' },
          { file: join(folder, 'php-fpm.log'), format: 'php-fpm' },
        ],
      },
    },
    bots: {
      trend: {
        kind: 'freqtrade',
        url: lab.botUrl,
        username: FREQTRADE_LOGIN.username,
        password_file: 'secrets/bot_password',
        host: 'lab',
      },
      grid: {
        kind: 'http_json',
        url: lab.botUrl,
        username: FREQTRADE_LOGIN.username,
        password_file: 'secrets/bot_password',
        host: 'lab',
        currency: 'USDT',
        log: join(folder, 'grid.log'),
        requests: [{ path: '/api/v1/grid', every: '15s', values: gridValues }],
      },
    },
    jobs: {
      backup: { every: '1d', host: 'lab' },
      draft: { every: '1d', pipeline: 'articles', stage: 'draft' },
    },
  };
}
