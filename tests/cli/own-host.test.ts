import { expect, test } from '@jest/globals';
import { ownHostProblems } from '../../cli/before-up/own-host.ts';
import { inventorySchema } from '../../inventory/schema/inventory.ts';

const keys = { read_key_file: 'r', act_key_file: 'a' };
const mounts = (...volumes: object[]) => ({
  services: { exporter: { ports: [], secrets: [], configs: [], volumes: volumes as [] } },
});

test.each<[what: string, host: object, stack: Parameters<typeof ownHostProblems>[1], problems: string[]]>([
  [
    'the inside of a container',
    { local: true },
    mounts(),
    [
      'hosts.this: `local: true` is the inside of a container; write `address: host.docker.internal`, and what else docs/this-machine.md says',
    ],
  ],
  ...['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(
    (address): [string, object, ReturnType<typeof mounts>, string[]] => [
      `the loopback ${address}`,
      { ...keys, address },
      mounts(),
      [
        `hosts.this: ${address} leads each container to itself; write \`address: host.docker.internal\`, as docs/this-machine.md says`,
      ],
    ],
  ),
  [
    'what nobody mounts',
    { ...keys, address: 'host.docker.internal', mounted_at: '/host' },
    mounts({ type: 'bind', source: '/srv', target: '/host' }),
    [
      'hosts.this: nothing is mounted at /host; write COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml into .env, or leave mounted_at out: docs/this-machine.md',
    ],
  ],
  [
    'what is mounted',
    { ...keys, address: 'host.docker.internal', mounted_at: '/host' },
    mounts({ type: 'bind', source: '/', target: '/host' }),
    [],
  ],
  [
    'what would be mounted into an exporter that is not started',
    { ...keys, address: 'host.docker.internal', mounted_at: '/host' },
    { services: {} },
    [],
  ],
  ['another machine', { ...keys, address: '127.example.com' }, mounts(), []],
])('of the hosts, before containers start: %s', (_what, host, stack, problems) => {
  expect(ownHostProblems(inventorySchema.parse({ hosts: { this: host } }), stack)).toEqual(problems);
});
