import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let configuration: string;

beforeAll(async () => {
  folder = await createTempFolder('steward-restart');
  configuration = join(folder.path, 'nginx.conf');
  hardened = await startHardenedHost(folder.path, {
    services: `[{ name: no-such-service, manager: sysv, config_test: [nginx, -t, -q, -c, ${configuration}] }]`,
    sites: '{}',
  });
  host = hardened.open('act');
});
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await folder.remove();
});

function restart() {
  const slots = ['no-such-service'];
  return callVerb(host, { verb: 'service-restart', slots, timeoutSeconds: 30 });
}

test('a service whose own configuration test fails is not restarted, and the test is quoted', async () => {
  await writeFile(configuration, 'events {}\nhttp { server { listen nowhere; } }\n');
  const outcome = await restart();
  expect(outcome).toMatchObject({ kind: 'failed', exitCode: 78 });
  expect(outcome.stderr.toString()).toMatch(
    /^not restarted, for its own configuration test fails: .*host not found in "nowhere"/s,
  );
});

test('one whose test passes is restarted', async () => {
  await writeFile(configuration, `pid ${folder.path}/pid;\nerror_log ${folder.path}/log;\nevents {}\n`);
  const outcome = await restart();
  // The init script that is not there shows that it was asked.
  expect(outcome).toMatchObject({ kind: 'failed', exitCode: 1 });
  expect(outcome.stderr.toString()).toContain('no-such-service: unrecognized service');
});
