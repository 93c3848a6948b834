import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeDispatcher } from '../../../hosts/harden/dispatcher.ts';
import { inventorySchema } from '../../../inventory/schema/inventory.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { placeDispatcher } from '../../helpers/dispatcher-files.ts';

/** What stands for docker: a container is in the state, and its test ends as, the file of that name says. */
const DOCKER = `#!/bin/sh
cd "\${0%/*}" || exit 1
echo "$*" >>calls
case $1 in
  inspect) cat state ;;
  exec) cat test >&2; ! [ -s test ] ;;
esac
`;

let folder: TempFolder;
let dispatcher: string;
const at = (name: string) => join(folder.path, 'bin', name);

beforeEach(async () => {
  folder = await createTempFolder('steward-container');
  const services = [
    { name: 'shop-nginx-1', manager: 'docker' },
    { name: 'own', manager: 'docker', config_test: ['docker', 'exec', 'own', 'try', 'me'] },
  ];
  const inventory = inventorySchema.parse({ hosts: { web1: { local: true, user: 'healer', services } } });
  const made = await makeDispatcher(inventory, 'web1', new Set(['service-restart']));
  const dispatch = made.dispatch
    .replace(/^PATH=/m, `PATH=${at('')}:`)
    .replace(/^log_folder=.*$/m, `log_folder=${folder.path}`);
  dispatcher = await placeDispatcher(folder.path, { ...made, dispatch });
  await mkdir(at(''));
  await writeFile(at('docker'), DOCKER, { mode: 0o755 });
});
afterEach(() => folder.remove());

/** Restarts a container that is in a state, with what its test says against its configuration. Resolves with how docker was called, too. */
async function restart(state: string | undefined, against = '', name = 'shop-nginx-1') {
  await rm(at('state'), { force: true });
  if (state !== undefined) await writeFile(at('state'), `${state}\n`);
  await writeFile(at('test'), against);
  const { status, stderr } = spawnSync('sh', [dispatcher, 'act', 'service-restart', name]);
  const calls = (await readFile(at('calls'), 'utf8')).trimEnd().split('\n');
  return { status, said: stderr.toString(), asked: calls.filter((call) => !call.startsWith('inspect')) };
}

test('a container that runs is restarted where its configuration passes its test', async () => {
  expect(await restart('running')).toEqual({
    status: 0,
    said: '',
    asked: ['exec shop-nginx-1 nginx -t -q', 'restart -- shop-nginx-1'],
  });
});

test('one that runs is left alone where its configuration is broken, and the test is quoted', async () => {
  expect(await restart('running', 'host not found in "nowhere"')).toEqual({
    status: 78,
    said: 'not restarted, for its own configuration test fails: host not found in "nowhere"\n',
    asked: ['exec shop-nginx-1 nginx -t -q'],
  });
});

test.each(['exited', 'created', 'restarting', 'dead', 'paused'])(
  'one that is %s is restarted untested: nothing can be asked in it, and it serves nobody',
  async (state) => {
    const asked = ['restart -- shop-nginx-1'];
    expect(await restart(state, 'is not running')).toEqual({ status: 0, said: '', asked });
  },
);

test('the test that steward.yml names is left out, too, where the container does not run', async () => {
  expect(await restart('running', 'broken', 'own')).toMatchObject({ status: 78, asked: ['exec own try me'] });
  expect(await restart('exited', 'is not running', 'own')).toMatchObject({ status: 0 });
});

test('one whose state cannot be had is left alone', async () => {
  expect(await restart(undefined)).toMatchObject({ status: 78, asked: [] });
});
