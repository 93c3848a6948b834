import { inventorySchema, type Inventory } from '../../inventory/schema/inventory.ts';

const fixWebsite = {
  name: 'fix',
  match: ['alertname="Drift"'],
  action: 'wordpress.fix-permissions',
  mode: 'auto',
  verify: { query: 'probe_success{instance="$target"} == 1', samples: 1, within: '5s' },
  cooldown: '15m',
  limit: '2 per 1h',
};

/** The policies that the tests start from: one for a site, and one for a service of a host. */
export const policies = [
  fixWebsite,
  {
    ...fixWebsite,
    name: 'restart',
    match: ['alertname="ServiceDown"'],
    action: 'service.restart',
    with: { service: { label: 'service' } },
  },
];

/** Makes an inventory of two hosts, a site, a bot and a job, with changes to its policy for sites. */
export function makeInventory(change: object = {}, more: readonly object[] = []): Inventory {
  const site = { host: 'web1', url: 'https://blog.example', path: '/var/www/blog', owner: 'www-data' };
  return inventorySchema.parse({
    hosts: {
      web1: { local: true, services: [{ name: 'nginx', manager: 'systemd' }] },
      web2: {
        address: 'web2.example',
        read_key_file: 'read',
        act_key_file: 'act',
        services: [{ name: 'redis', manager: 'systemd' }],
      },
    },
    sites: { blog: site, shop: { ...site, path: '/var/www/shop' } },
    bots: {
      trend: {
        kind: 'freqtrade',
        url: 'http://127.0.0.1:8080',
        username: 'steward',
        password_file: 'password',
        host: 'web1',
        service: 'nginx',
      },
    },
    jobs: { backup: { every: '24h', grace: '2h' } },
    policies: [...more, { ...policies[0], ...change }, policies[1]],
  });
}
