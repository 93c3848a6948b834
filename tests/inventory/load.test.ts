import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadInventory } from '../../inventory/load.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { loadGoodYaml, problemsOf } from '../helpers/load-yaml.ts';
import { shippedPolicyNames } from '../helpers/known-names.ts';
import { refusedActions } from './refused-actions.ts';
import { refusedEntries } from './refused-entries.ts';
import { refusedHosts } from './refused-hosts.ts';
import { refusedPolicies } from './refused-policies.ts';

const refusals = [...refusedEntries, ...refusedHosts, ...refusedPolicies, ...refusedActions];
const fixtures = join(import.meta.dirname, '../fixtures/inventory');
const host = 'hosts:\n  web1: { local: true, services: [{ name: nginx, manager: systemd }] }\n';

describe('a steward.yml that is refused says where, what was found and what was expected', () => {
  test.each(refusals)('bad.%s.yml', async (reason, problems) => {
    expect(await problemsOf(await readFile(join(fixtures, `bad.${reason}.yml`), 'utf8'))).toEqual(problems);
  });

  test('each fixture is in the list, once', async () => {
    const listed = refusals.map(([reason]) => `bad.${reason}.yml`);
    expect((await readdir(fixtures)).sort()).toEqual(listed.sort());
  });

  test('a file that is not there', async () => {
    expect(await loadInventory('/nonexistent/steward.yml')).toMatchObject({
      ok: false,
      problems: [{ found: 'no file', expected: 'a steward.yml; `steward init` writes one' }],
    });
  });

  test('a folder', async () => {
    expect(await loadInventory('/tmp')).toMatchObject({ ok: false, problems: [{ found: 'a folder' }] });
  });

  test('a file that is larger than any inventory', async () => {
    expect(await problemsOf('#'.repeat(4 * 1024 * 1024 + 1))).toEqual([
      'steward.yml: found more than 4 MiB, expected a smaller file',
    ]);
  });

  test('a path that leads through a file', async () => {
    await using folder = await createTempFolder('steward-yaml');
    await writeFile(join(folder.path, 'file'), '');
    expect(await loadInventory(join(folder.path, 'file/steward.yml'))).toMatchObject({
      ok: false,
      problems: [{ found: 'a file that cannot be read (ENOTDIR)' }],
    });
  });

  test('aliases upon aliases are refused before they grow', async () => {
    const levels = 'abcdefghij'.split('');
    const lines = levels.map((name, index) =>
      index === 0 ? 'a: &a [x]' : `${name}: &${name} [${`*${levels[index - 1] ?? ''},`.repeat(10)}]`,
    );
    const problems = await problemsOf(lines.join('\n'));
    expect(problems.map((line) => line.split(' ')[1])).toEqual(levels.map((name) => `${name}:`));
  });
});

describe('a steward.yml that is good', () => {
  test('the example loads', async () => {
    expect(await loadInventory('steward.example.yml')).toMatchObject({ ok: true });
  });

  test('gets its defaults, with durations in milliseconds and modes as numbers', async () => {
    const { inventory } = await loadGoodYaml(
      `${host}sites:\n  blog: { host: web1, url: 'http://x/', path: "/srv/it's mine/", owner: www-data }\njobs:\n  backup: { every: 1h30m }\n`,
    );
    expect(inventory.jobs['backup']).toEqual({ every: 5_400_000, grace: 0 });
    expect(inventory.sites['blog']?.permissions).toEqual({ directories: 0o755, files: 0o644, config: 0o640 });
    expect(inventory.hosts['web1']).toMatchObject({ user: 'steward', port: 22 });
    expect(inventory.sites['blog']?.path).toBe("/srv/it's mine");
  });

  test('cannot be changed', async () => {
    const { inventory } = await loadGoodYaml(host);
    expect(() => Object.assign(inventory.hosts['web1']?.services[0] ?? {}, { name: 'x' })).toThrow(TypeError);
  });

  test('has no entry that nobody wrote, whatever its id', async () => {
    const { inventory } = await loadGoodYaml(host);
    expect([inventory.hosts['constructor'], inventory.sites['constructor']]).toEqual([undefined, undefined]);
  });

  test('may have an entry with the id of something that objects inherit', async () => {
    const { inventory } = await loadGoodYaml(`${host}jobs:\n  constructor: { every: 1h }\n`);
    expect(inventory.jobs['constructor']).toEqual({ every: 3_600_000, grace: 0 });
  });

  test('may use anchors', async () => {
    const { inventory } = await loadGoodYaml('jobs:\n  a: &daily { every: 1d }\n  b: *daily\n');
    expect(inventory.jobs['b']).toEqual({ every: 86_400_000, grace: 0 });
  });

  test('has its own policies first, as it orders them, and then the shipped ones, observing but for the drill', async () => {
    const { inventory } = await loadGoodYaml(
      `policies:
  - { name: mine, match: ['a="b"'], action: x, verify: { query: 'a == 1' }, mode: approve }
  - { name: restart-service, mode: auto }
`,
    );
    expect(inventory.policies.map(({ name, mode }) => [name, mode])).toEqual([
      ['mine', 'approve'],
      ['restart-service', 'auto'],
      ...shippedPolicyNames
        .filter((name) => name !== 'restart-service')
        .map((name) => [name, name === 'drill' ? 'auto' : 'observe']),
    ]);
  });

  test('changes of a shipped policy what it names, and keeps the rest', async () => {
    const { inventory } = await loadGoodYaml('policies:\n  - { name: fix-permissions, cooldown: 1h }\n');
    const shipped = await loadGoodYaml('{}');
    expect(inventory.policies[0]).toEqual({ ...shipped.inventory.policies[0], cooldown: 3_600_000 });
  });

  test('places a problem that is found later, in its own file or in the shipped policies', async () => {
    const { locate, file } = await loadGoodYaml('policies:\n  - { name: restart-service, mode: auto }\n');
    const action = (index: number) => ({ path: ['policies', index, 'action'], expected: 'an action' });
    expect(locate([action(1), action(0)])).toEqual([
      expect.objectContaining({
        file: expect.stringMatching(/shipped-policies\.yml$/),
        path: 'policies[1].action',
      }),
      expect.objectContaining({ file, line: 2, column: 5, path: 'policies[0].action' }),
    ]);
  });

  test('resolves its files beside itself', async () => {
    const { resolveFile, file } = await loadGoodYaml(host);
    expect(resolveFile('secrets/x')).toBe(file.replace('steward.yml', 'secrets/x'));
    expect(resolveFile('env:X')).toBe('env:X');
  });
});
