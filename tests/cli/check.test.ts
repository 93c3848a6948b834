import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { actionNames, shippedPolicyNames } from '../helpers/known-names.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
  await copyFile('steward.example.yml', at('steward.yml'));
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

const WRONG = `policies:
  - { name: a, match: ['x="y"'], action: nope, verify: { query: 'a == 1' } }
  - { name: fix-permissions, with: { mode: '777' } }
  - { name: b, match: ['x="z"'], action: service.restart, with: {}, verify: { query: 'a == 1' } }
`;

describe('steward check', () => {
  test('counts what is good, and is silent where nothing is left to do', async () => {
    steward(folder.path, 'secrets');
    await writeFile(at('secrets/bots/btc-trend_password'), 'x');
    expect(steward(folder.path, 'check')).toEqual({
      status: 0,
      stdout: `steward.yml is good: 1 host, 1 site, 1 bot, 3 jobs, ${shippedPolicyNames.length + 1} policies, 1 of them more than observing\n`,
      stderr: '',
    });
  });

  test('reads the file that is named', async () => {
    await writeFile(at('other.yml'), '{}\n');
    expect(steward(folder.path, 'check', '--config', 'other.yml')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^other.yml is good: 0 hosts, 0 sites, 0 bots, 0 jobs, /),
    });
  });

  test('names every problem, also of actions and their parameters', async () => {
    await writeFile(at('steward.yml'), WRONG);
    const { status, stdout } = steward(folder.path, 'check');
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `steward.yml:2:42: policies[0].action: found "nope", expected one of ${actionNames}`,
      'steward.yml:3:38: policies[1].with.mode: found the unknown parameter "mode", expected no parameter: wordpress.fix-permissions has none',
      'steward.yml:4:65: policies[2].with: found a mapping, expected the parameter service of service.restart',
    ]);
  });

  test.each<[what: string, yaml: string | undefined, line: string]>([
    ['no file', undefined, 'steward.yml: found no file, expected a steward.yml; `steward init` writes one'],
    ['an empty file', '', 'steward.yml: found nothing, expected a mapping with hosts, sites and so on'],
    [
      'what is no YAML',
      'hosts: {\n',
      'steward.yml:2:1: found deficient indentation, expected YAML that parses',
    ],
    [
      'an unknown key',
      'hosts: {}\nsite: {}\n',
      'steward.yml:2:1: site: found the unknown key "site", expected perhaps sites',
    ],
  ])('says of %s one line', async (_what, yaml, line) => {
    await using empty = await createTempFolder('steward-cli');
    if (yaml !== undefined) await writeFile(join(empty.path, 'steward.yml'), yaml);
    expect(steward(empty.path, 'check')).toEqual({ status: 1, stdout: `${line}\n`, stderr: '' });
  });

  test('prints the same for machines', async () => {
    await writeFile(at('steward.yml'), 'hosts: 5\n');
    const { status, stdout } = steward(folder.path, 'check', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      problems: [
        { file: 'steward.yml', line: 1, column: 8, path: 'hosts', found: '5', expected: expect.any(String) },
      ],
    });
    await writeFile(at('steward.yml'), '{}\n');
    expect(steward(folder.path, 'check', '--json')).toMatchObject({
      status: 0,
      stdout: '{"ok":true,"problems":[]}\n',
    });
  });

  test('warns of a host without a key', async () => {
    steward(folder.path, 'secrets');
    await writeFile(at('secrets/bots/btc-trend_password'), 'x');
    const text = await readFile(at('steward.yml'), 'utf8');
    await writeFile(at('steward.yml'), text.replace(/^ +host_key: .*\n/m, ''));
    expect(steward(folder.path, 'check')).toMatchObject({
      status: 0,
      stderr: 'warning: no host key is pinned for web1, so it cannot be reached: steward host trust web1\n',
    });
  });

  test('warns of each secret that is missing, and says whose it is', () => {
    const made = (path: string) => `warning: ${at(path)} is missing: steward secrets makes it`;
    const { status, stderr } = steward(folder.path, 'check');
    expect(status).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      made('secrets/read/web1'),
      made('secrets/act/web1'),
      made('secrets/exporter_password'),
      made('secrets/ping_token'),
      made('secrets/webhook_token'),
      made('secrets/remediator_password'),
      made('secrets/prometheus_password'),
      made('secrets/alertmanager_password'),
      made('secrets/grafana_admin_password'),
      made('secrets/prometheus_web.yml'),
      made('secrets/alertmanager_web.yml'),
      `warning: ${at('secrets/bots/btc-trend_password')} is missing: it is yours to put there`,
    ]);
  });

  test('warns of a folder of secrets that others may enter', async () => {
    await mkdir(at('secrets'));
    await chmod(at('secrets'), 0o755);
    expect(steward(folder.path, 'check').stderr).toContain(
      `warning: ${at('secrets')} has the mode 0755; all that keeps others from the secrets in it is 0700: chmod 0700 ${at('secrets')}\n`,
    );
  });
});
