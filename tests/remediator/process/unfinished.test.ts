import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { alert, probe, useStage } from './stage.ts';

const stage = useStage();
const TIMEOUT_MS = 60_000;

let folder: string;
let hardened: HardenedHost;
let site: string;
const actions = () => ({
  mend: { target: 'site', user: 'nobody', run: [join(folder, 'mend')], undo: [join(folder, 'undo')] },
});
const done = () => readFile(join(folder, 'marks', 'done'), 'utf8').catch(() => '');

beforeAll(async () => {
  folder = join(stage.folder.path, 'host-of-its-own');
  site = join(folder, 'site');
  await mkdir(join(folder, 'marks'), { recursive: true });
  await mkdir(site);
  await runCommand(['chmod', '755', stage.folder.path, folder]);
  await runCommand(['chmod', '777', join(folder, 'marks')]);
  const program = (name: string, text: string) =>
    writeFile(join(folder, name), `#!/bin/sh\ncd '${folder}/marks' || exit 1\n${text}\n`, { mode: 0o755 });
  await program('mend', 'echo begun >>done\nwhile [ ! -e go ]; do sleep 0.05; done\necho ended >>done');
  await program('undo', 'echo undone >>done');
  hardened = await startHardenedHost(folder, {
    services: '[]',
    sites: `{ blog: { host: web1, url: 'https://blog.example', path: '${site}', owner: www-data } }`,
    actions: JSON.stringify(actions()),
  });
}, TIMEOUT_MS);
afterAll(() => hardened.remove());

test(
  'what a lost process has left at work on the host ends before its undo begins',
  async () => {
    const { user, sshd, keyFiles } = hardened;
    const verify = {
      query: 'sum(wordpress_path_permission_violations{instance="$target"}) == 0',
      within: '3s',
    };
    const inventory = stage.inventory({
      hosts: {
        web1: {
          ...{ address: '127.0.0.1', port: sshd.port, user, host_key: sshd.hostKeyFingerprint },
          ...{ read_key_file: keyFiles.read, act_key_file: keyFiles.act },
        },
      },
      sites: { blog: { host: 'web1', url: 'https://blog.example', path: site, owner: 'www-data' } },
      actions: actions(),
      policies: [
        {
          name: 'mend',
          match: ['alertname="WordPressPermissionsDrifted"'],
          action: 'mend',
          mode: 'auto',
          verify,
        },
      ],
    });
    const first = await stage.start({ inventory });
    await first.deliver(alert);
    await waitUntil(async () => (await done()) === 'begun\n', { what: 'the command to be at work' });
    await stage.kill();
    stage.page.set(probe, 0);
    const next = await stage.restart();
    await next.untilRun(({ state }) => state === 'undoing');
    await waitUntil(isWaiting, { what: 'the undo to wait on the host' });
    expect(await done()).toBe('begun\n');
    await writeFile(join(folder, 'marks', 'go'), '');
    expect(await next.untilClosed()).toMatchObject({ outcome: 'rolled_back', reason: 'harm_undone' });
    expect(await done()).toBe('begun\nended\nundone\n');
  },
  TIMEOUT_MS,
);

/** Whether a call waits for its turn on this host. */
async function isWaiting(): Promise<boolean> {
  const { stdout } = await runCommand(['sh', '-c', "pgrep -fc '^flock -w [0-9]+ 9$' || true"]);
  return Number(stdout) > 0;
}
