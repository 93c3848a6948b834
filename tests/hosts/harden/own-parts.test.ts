import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDispatcher } from '../../../hosts/harden/dispatcher.ts';
import { customVerb, verbs, type SentVerb, type VerbName } from '../../../hosts/verbs.ts';
import { inventorySchema } from '../../../inventory/schema/inventory.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { placeDispatcher } from '../../helpers/dispatcher-files.ts';

let folder: TempFolder;
let dispatcher: string;
const site = { host: 'web1', url: 'http://a/', owner: 'www-data' };
const names = [
  'steward',
  'steward-exporter',
  'steward-remediator.service',
  'steward-alertmanager-1',
  'prometheus',
  'prometheus.service',
  'prometheus-alertmanager',
  'alertmanager',
  'postgresql',
  'postgresql-16.service',
];

// A steward.yml like this one is refused when it is read; the dispatcher refuses all the same.
beforeAll(async () => {
  folder = await createTempFolder('steward-own');
  const touched = join(folder.path, 'touched');
  const run = (...argv: string[]) => ({ target: 'host', user: 'root', run: argv });
  const inventory = inventorySchema.parse({
    hosts: {
      web1: {
        local: true,
        user: 'healer',
        services: [...names, 'stewardship'].map((name) => ({
          name,
          manager: 'sysv',
          config_test: ['touch', touched],
        })),
      },
    },
    remediator: { journal: 'postgres://steward@127.0.0.1/steward' },
    exporter: { state_dir: join(folder.path, "it's state") },
    sites: {
      inside: { ...site, path: '/var/lib/healer/site' },
      above: { ...site, path: folder.path },
      log: { ...site, path: '/srv/x', logs: [{ file: '/var/log/healer-dispatch.log', format: 'php-error' }] },
    },
    actions: {
      stop: run('/usr/bin/systemctl', 'stop', 'steward-exporter'),
      named: { ...run('/usr/sbin/service', '$name', 'stop'), parameters: { name: { pattern: '[a-z-]+' } } },
      clean: {
        ...run('/usr/bin/touch', '/var/lib/healer/$name'),
        parameters: { name: { pattern: '[a-z]+' } },
      },
      option: run('/usr/bin/touch', `--reference=${folder.path}/it's state/journal`, touched),
    },
  });
  const act = new Set<SentVerb>([
    ...(Object.keys(verbs) as VerbName[]),
    ...['stop', 'named', 'clean', 'option'].map(customVerb),
  ]);
  await mkdir(join(folder.path, "it's state"));
  dispatcher = await placeDispatcher(folder.path, await makeDispatcher(inventory, 'web1', act));
});
afterAll(() => folder.remove());

/** Calls it as root, with a /var/log of its own. */
function act(...words: string[]) {
  return actBy(dispatcher, ...words);
}

function actBy(dispatch: string, ...words: string[]) {
  const script = 'mount -t tmpfs none /var/log && exec sh "$@"';
  const { status, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', dispatch, 'act', ...words],
    {
      encoding: 'utf8',
    },
  );
  return { exitCode: status, said: stderr };
}

const refused = { exitCode: 77, said: 'refused: a part of Steward itself\n' };

describe('the engine of Steward’s own containers', () => {
  const service = (name: string) => ({ name, manager: 'sysv', config_test: ['false'] });
  const keys = { read_key_file: 'r', act_key_file: 'a' };
  test.each<[what: string, place: object, name: string, isOwn: boolean]>([
    ['the name that compose gives their machine', { address: 'host.docker.internal' }, 'docker', true],
    [
      'the machine that the exporter has mounted',
      { address: 'a', mounted_at: '/host' },
      'containerd.service',
      true,
    ],
    ['its socket', { address: 'host.docker.internal' }, 'docker.socket', true],
    ['another machine', { address: '203.0.113.10' }, 'docker', false],
    ['another service there', { address: 'host.docker.internal' }, 'docker-registry', false],
  ])('%s', async (_what, place, name, isOwn) => {
    const inventory = inventorySchema.parse({
      hosts: { web1: { ...place, ...keys, user: 'healer', services: [service(name)] } },
    });
    const made = await makeDispatcher(inventory, 'web1', new Set(['service-restart']));
    const script = await placeDispatcher(join(folder.path, 'engine'), made);
    expect(actBy(script, 'service-restart', name)).toMatchObject(
      isOwn
        ? refused
        : { exitCode: 78, said: expect.stringContaining('not restarted, for its own configuration') },
    );
  });
});

describe('a host does nothing to what is a part of Steward', () => {
  test.each(names)('the service %s is not restarted, nor its configuration tested', (name) => {
    expect(act('service-restart', name)).toEqual(refused);
    expect(existsSync(join(folder.path, 'touched'))).toBe(false);
  });

  test('one whose name only begins alike is', () => {
    expect(act('service-restart', 'stewardship')).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining('unrecognized service'),
    });
  });

  test.each<[what: string, words: readonly string[]]>([
    ["a folder inside of Steward's", ['site-fix-permissions', 'inside', 'run1']],
    ["a folder with one of Steward's in it", ['site-fix-permissions', 'above', 'run1']],
    ['its caches', ['site-clear-caches', 'inside']],
    ["the dispatcher's log", ['site-rotate-log', 'log', 'php-error']],
    ['a command of steward.yml with the name of a unit', ['custom-stop', 'web1', 'run1']],
    ['one that gets the name in a slot', ['custom-named', 'web1', 'prometheus', 'run1']],
    ['one that gets a part of a path in a slot', ['custom-clean', 'web1', 'snapshots', 'run1']],
    ['one that has a path in an option', ['custom-option', 'web1', 'run1']],
  ])('%s is refused', (_what, words) => {
    expect(act(...words)).toEqual(refused);
  });
});
