import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { resolveStack, root, type Service, type Stack } from './compose.ts';

const names = ['exporter', 'remediator', 'prometheus', 'alertmanager', 'grafana'];
const own = ['exporter', 'remediator'];
let stack: Stack;
let complaints: string;

beforeAll(async () => {
  ({ stack, complaints } = await resolveStack());
});

function service(name: string): Service {
  const found = stack.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

function secretsOf(name: string): string[] {
  const { secrets = [], volumes = [] } = service(name);
  const folders = volumes.map(({ source }) => path.relative(root, source));
  return [
    ...secrets.map(({ source }) => source),
    ...folders.filter((folder) => folder.startsWith('secrets/')),
  ].sort();
}

test('compose takes the file without a complaint, and it has the five services', () => {
  expect(complaints).toBe('');
  expect(Object.keys(stack.services).sort()).toEqual([...names].sort());
});

describe.each(names)('%s', (name) => {
  test('cannot write its root, has no capabilities and gains none', () => {
    expect(service(name)).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges=true'],
    });
    expect(service(name).cap_add).toBeUndefined();
    expect(service(name).privileged).toBeUndefined();
    expect(service(name).network_mode).toBeUndefined();
  });

  test('runs as a user that is not root, by number', () => {
    expect(service(name).user).toMatch(/^[1-9]\d*:\d+$/);
  });

  test('has an image of one version, a limit of memory, a restart policy and time to stop', () => {
    expect(service(name).image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(Number(service(name).mem_limit)).toBeGreaterThan(64 * 2 ** 20);
    expect(service(name).restart).toBe('unless-stopped');
    expect(service(name).stop_grace_period).toMatch(/^\d+(s|m0s)$/);
  });

  test('is asked whether it is healthy', () => {
    const inImage = own.includes(name) && dockerfile(name).includes('HEALTHCHECK ');
    expect(inImage || service(name).healthcheck?.test[0] === 'CMD').toBe(true);
  });

  test('mounts what it reads from this folder read-only, and keeps its data in a volume of its own', () => {
    const mounts = service(name).volumes ?? [];
    for (const mount of mounts.filter(({ type }) => type === 'bind')) {
      expect(mount).toMatchObject({ read_only: true });
      expect(mount.bind?.create_host_path ?? false).toBe(false);
    }
    expect(mounts.filter(({ type }) => type === 'volume').map(({ source }) => source)).toEqual([name]);
  });

  test('is published on loopback or not at all', () => {
    const published = (service(name).ports ?? []).map((port) => `${port.host_ip ?? '*'}:${port.published}`);
    const expected: Record<string, string[]> = {
      grafana: ['127.0.0.1:3000'],
      remediator: ['127.0.0.1:9841'],
    };
    expect(published).toEqual(expected[name] ?? []);
  });
});

test.each([
  { name: 'exporter', secrets: ['exporter_password', 'ping_token', 'secrets/bots', 'secrets/read'] },
  {
    name: 'remediator',
    secrets: [
      'alertmanager_password',
      'exporter_password',
      'journal_password',
      'prometheus_password',
      'queries_password',
      'remediator_password',
      'secrets/act',
      'secrets/bots',
      'webhook_token',
    ],
  },
  {
    name: 'prometheus',
    secrets: ['alertmanager_password', 'prometheus_password', 'prometheus_web.yml', 'queries_password'],
  },
  {
    name: 'alertmanager',
    secrets: ['alertmanager_password', 'alertmanager_web.yml', 'secrets/notify', 'webhook_token'],
  },
  { name: 'grafana', secrets: ['grafana_admin_password', 'queries_password'] },
])('$name gets just the secrets that it needs', ({ name, secrets }) => {
  expect(secretsOf(name)).toEqual(secrets);
});

test('what is built here is asked for nowhere, and is of this version', async () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { stack: whole } = await resolveStack(['COMPOSE_PROFILES=demo,postgres']);
  const built = Object.values(whole.services).filter(({ build }) => build !== undefined);
  expect(built.map(({ image }) => image).sort()).toEqual(
    ['demo', 'exporter', 'remediator', 'remediator'].map((name) => `localhost/steward/${name}:${version}`),
  );
  for (const { pull_policy: policy } of built) expect(policy).toBe('never');
});

test('published images are asked for where docs/images.md says so', async () => {
  const page = readFileSync(path.join(root, 'docs/images.md'), 'utf8');
  const lines = /```sh\n([^`]*)```/.exec(page)?.[1]?.trim().split('\n') ?? [];
  const { services } = (await resolveStack([...lines, 'COMPOSE_PROFILES=demo,postgres'])).stack;
  for (const [name, image] of [
    ['exporter', 'exporter'],
    ['remediator', 'remediator'],
    ['remediator-2', 'remediator'],
  ] as const) {
    expect(services[name]).toMatchObject({
      image: expect.stringMatching(new RegExp(`^ghcr\\.io/[a-z-]+/steward/${image}:`)),
      pull_policy: 'missing',
    });
  }
  expect(services['demo']).toMatchObject({ pull_policy: 'never' });
});

test.each(own)('%s finds steward.yml, and its secrets below the same folder', (name) => {
  const { configs = [], secrets = [], volumes = [] } = service(name);
  expect(configs).toEqual([{ source: 'steward.yml', target: '/etc/steward/steward.yml' }]);
  for (const { source, target } of secrets) expect(target).toBe(`/etc/steward/secrets/${source}`);
  for (const { source, target, type } of volumes) {
    if (type === 'bind') expect(target).toBe(`/etc/steward/${path.relative(root, source)}`);
  }
});

test.each(own)('%s reaches the machine that it runs on', (name) => {
  expect(service(name).extra_hosts).toEqual(['host.docker.internal=host-gateway']);
});

test.each(own)('%s keeps its data where its image gives the folder to its user', (name) => {
  const volume = service(name).volumes?.find(({ type }) => type === 'volume');
  expect(volume?.target).toBe(`/etc/steward/data/${name}`);
  const owner = name === 'exporter' ? '-o 61000 -g 61000' : '-o node -g node';
  expect(dockerfile(name)).toContain(`install -d ${owner} /etc/steward/data/${name}`);
});

describe('docker-compose.host.yml', () => {
  let withHost: Stack;
  beforeAll(async () => {
    const files = 'COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml';
    ({ stack: withHost } = await resolveStack([files]));
  });

  test('lets the exporter see the machine, read-only, with what is mounted there later', () => {
    const mounts = withHost.services['exporter']?.volumes ?? [];
    expect(mounts.filter(({ source }) => source === '/')).toEqual([
      {
        type: 'bind',
        source: '/',
        target: '/host',
        read_only: true,
        bind: { propagation: 'rslave' },
      },
    ]);
  });

  test('gives nobody else anything, and the exporter no right and no account that the machine has', () => {
    const exporter = { ...withHost.services['exporter'] };
    const { volumes = [] } = exporter;
    const services = {
      ...withHost.services,
      exporter: { ...exporter, volumes: volumes.filter(({ source }) => source !== '/') },
    };
    expect(services).toEqual(stack.services);
    // Between the accounts of people, services and containers: https://systemd.io/UIDS-GIDS
    expect(exporter.user).toBe('61000:61000');
  });
});

test('Prometheus keeps 90 days, and asks for a password as Alertmanager does', () => {
  expect(service('prometheus').command).toEqual(
    expect.arrayContaining([
      '--storage.tsdb.retention.time=90d',
      '--web.config.file=/run/secrets/prometheus_web.yml',
    ]),
  );
  expect(service('alertmanager').command).toEqual(
    expect.arrayContaining([
      '--cluster.listen-address=',
      '--web.config.file=/run/secrets/alertmanager_web.yml',
    ]),
  );
});

function dockerfile(name: string): string {
  return readFileSync(path.join(root, service(name).build?.dockerfile ?? '-'), 'utf8');
}
