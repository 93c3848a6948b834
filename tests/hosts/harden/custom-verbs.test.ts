import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import type { CustomVerb } from '../../../hosts/verbs.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { installedDispatcher, joinedShell } from '../../helpers/dispatcher-files.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const WWW_DATA = 33;

let folder: TempFolder;
let programs: string;
let hardened: HardenedHost;
let host: Host;
let log: string;

/** A program that writes down its words, one on each line, and who it runs as. */
const recorder = (file: string) => `#!/bin/sh
{ printf '<%s>\\n' "$@"; id -un; env | cut -d= -f1 | sort | tr '\\n' ' '; pwd; } >'${file}'
echo done
`;

const actionsOf = (program: string, loose: string) => `{
  flush: {
    target: site, user: www-data, idempotent: true,
    run: [${program}, --site=$target, $level, "a b; \\"'\`id\` *", n$count, $tag, $run],
    undo: [${program}, undo, $target],
    parameters: { level: { enum: { soft: --soft, hard: "--hard now" } }, count: { int: { min: 1, max: 20 } }, tag: { pattern: "[a-z][a-z0-9-]{0,9}" } },
  },
  tidy: { target: host, user: root, run: [${program}, $mode], parameters: { mode: { enum: [all, some] } } },
  loose: { target: host, user: root, run: [${loose}] },
  slow: { target: host, user: www-data, run: [/bin/sleep, "20"], timeout: 1s },
  gone: { target: host, user: www-data, run: [/nowhere/program] },
  nobody: { target: host, user: no-such-account, run: [/bin/true] },
  rise: { target: host, user: www-data, run: [/usr/bin/sudo, -n, id] },
 }`;

beforeAll(async () => {
  folder = await createTempFolder('steward-custom');
  await chmod(folder.path, 0o755);
  await mkdir(join(folder.path, 'site'));
  programs = (await runCommand(['mktemp', '-d', '/usr/local/lib/steward-test-XXXXXX'])).stdout.trim();
  await chmod(programs, 0o755);
  log = join(folder.path, 'log');
  const program = join(programs, 'flush');
  const loose = join(folder.path, 'loose');
  for (const file of [program, loose]) {
    await writeFile(file, recorder(log));
    await chmod(file, 0o755);
  }
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ blog: { host: web1, url: 'http://x/', path: '${folder.path}/site', owner: www-data } }`,
    actions: actionsOf(program, loose),
  });
  host = hardened.open('act');
}, 30_000);
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await rm(programs, { recursive: true });
  await folder.remove();
});
beforeEach(async () => {
  await writeFile(log, '');
  await chown(log, WWW_DATA, WWW_DATA);
});

async function act(verb: CustomVerb, ...slots: string[]) {
  const outcome = await callVerb(host, { verb, slots, timeoutSeconds: 15 });
  const exitCode = outcome.kind === 'failed' ? outcome.exitCode : outcome.kind;
  return { exitCode, said: outcome.stdout.toString() + outcome.stderr.toString() };
}

const written = async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1);

describe('an action of steward.yml', () => {
  test('runs as its account, with its words, its slots, and nothing of the environment', async () => {
    expect(await act('custom-flush', 'blog', 'hard', '7', 'a-1', 'run-1')).toEqual({
      exitCode: 'succeeded',
      said: 'done\n',
    });
    const words = ['<--site=blog>', '<--hard now>', '<a b; "\'`id` *>', '<n7>', '<a-1>', '<run-1>'];
    expect(await written()).toEqual([...words, 'www-data', 'HOME PATH PWD /']);
  });

  test('is undone', async () => {
    expect(await act('undo-custom-flush', 'blog', 'soft', '7', 'a', 'run-1')).toMatchObject({
      exitCode: 'succeeded',
    });
    expect((await written()).slice(0, 3)).toEqual(['<undo>', '<blog>', 'www-data']);
  });

  test("may run as root where its program is root's own", async () => {
    expect(await act('custom-tidy', 'web1', 'all', 'run-1')).toMatchObject({ exitCode: 'succeeded' });
    expect((await written()).slice(0, 2)).toEqual(['<all>', 'root']);
  });

  test('does not run as root where others could change its program', async () => {
    const { exitCode, said } = await act('custom-loose', 'web1', 'run-1');
    expect({ exitCode, said }).toEqual({ exitCode: 1, said: expect.stringContaining('by others than root') });
    expect(await written()).toEqual([]);
  });

  test.each<[CustomVerb, number | string, string]>([
    ['custom-slow', 'unknown', ''],
    ['custom-gone', 1, 'there is no program /nowhere/program'],
    ['custom-nobody', 1, 'there is no account no-such-account'],
    ['custom-rise', 1, 'no new privileges'],
  ])('that cannot be done says why: %s', async (verb, exitCode, message) => {
    expect(await act(verb, 'web1', 'run-1')).toEqual({ exitCode, said: expect.stringContaining(message) });
  });

  test('passes shellcheck', async () => {
    const input = joinedShell(await installedDispatcher(hardened.user));
    const { stdout, status } = spawnSync('shellcheck', ['--exclude=SC2016', '-'], {
      encoding: 'utf8',
      input,
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});

/** Sends a line as it is, as somebody with the key could. */
const ssh = (role: 'read' | 'act', line: string) =>
  spawnSync(
    'ssh',
    [
      ...['-i', hardened.keyFiles[role], '-p', String(hardened.sshd.port), '-o', 'StrictHostKeyChecking=no'],
      ...[
        '-o',
        'UserKnownHostsFile=/dev/null',
        '-o',
        'LogLevel=ERROR',
        '--',
        `${hardened.user}@127.0.0.1`,
        line,
      ],
    ],
    { encoding: 'utf8', input: '' },
  ).status;

describe('a slot that steward.yml does not allow is refused on the host', () => {
  test.each([
    'other soft 7 a r',
    'blog medium 7 a r',
    'blog --soft 7 a r',
    'blog so* 7 a r',
    'blog soft 0 a r',
    'blog soft 21 a r',
    'blog soft 07 a r',
    'blog soft -7 a r',
    'blog soft 7.5 a r',
    'blog soft 99999999999999999999 a r',
    'blog soft 7 A r',
    'blog soft 7 a.b r',
    'blog soft 7 -a r',
    'blog soft 7 abcdefghijk r',
    'blog soft 7 a',
    'blog soft 7 a r r',
    'blog soft 7 $(id) r',
    'blog soft 7 a;id r',
    'blog soft 7 a\nid r',
    'blog soft 7 é r',
  ])('%j', async (slots) => {
    expect(ssh('act', `custom-flush ${slots}`)).toBe(77);
    expect(await written()).toEqual([]);
  });

  test('of an action for the host: another host', () => {
    expect(ssh('act', 'custom-tidy web2 all r')).toBe(77);
  });

  test('with the key that can only read, also when it is right', () => {
    expect(ssh('act', 'custom-flush blog soft 7 a r')).toBe(0);
    expect(ssh('read', 'custom-flush blog soft 7 a r')).toBe(77);
  });
});
