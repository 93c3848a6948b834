import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseHostFacts } from '../../../exporter/clients/host-facts.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let folder: TempFolder;
const at = (name: string) => join(folder.path, name);
const times = { askedAt: 0, answeredAt: 1 };

/** Runs the verb as a script of its own, with what stands in `bin` before the programs of this machine. */
function run(): string {
  // A file, not a pipe: what hangs would hold a pipe open.
  const output = openSync(at('output'), 'w');
  spawnSync('sh', [at('dispatch')], {
    env: { PATH: `${at('bin')}:/usr/sbin:/usr/bin:/sbin:/bin` },
    stdio: ['ignore', output, output],
    timeout: 20_000,
  });
  closeSync(output);
  return at('output');
}

beforeAll(async () => {
  folder = await createTempFolder('steward-facts');
  const verb = await readFile('hosts/harden/verbs/host-facts.sh', 'utf8');
  await writeFile(at('dispatch'), `${verb}verb_host_facts\n`);
});
afterAll(() => folder.remove());

test('a file system that hangs costs the sizes, nothing else, and one program, however often it is asked', async () => {
  spawnSync('mkdir', [at('bin')]);
  // No signal that timeout(1) sends ends it, as with a program that waits for a dead disk.
  await writeFile(at('bin/stat'), `#!/bin/sh\necho $$ >>${at('started')}\ntrap '' TERM\nexec sleep 600\n`);
  await chmod(at('bin/stat'), 0o755);
  try {
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const facts = parseHostFacts(await readFile(run(), 'utf8'), times);
      expect(facts.meminfo).toContain('MemTotal');
      expect(facts.filesystems).toBe('');
    }
    expect((await readFile(at('started'), 'utf8')).trim().split('\n')).toHaveLength(1);
  } finally {
    for (const pid of (await readFile(at('started'), 'utf8')).trim().split('\n'))
      process.kill(Number(pid), 'SIGKILL');
  }
  spawnSync('rm', [at('bin/stat')]);
  expect(parseHostFacts(await readFile(run(), 'utf8'), times).filesystems).toMatch(/^(\d+ ){6}\/$/m);
});
