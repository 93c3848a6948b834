import { describe, expect, test } from '@jest/globals';
import { loadInventory } from '../../inventory/load.ts';
import { inventoryJsonSchema } from '../../inventory/json-schema.ts';
import committedSchema from '../../inventory/steward.schema.json' with { type: 'json' };
import { loadGoodYaml, problemsOf } from '../helpers/load-yaml.ts';

const host = 'hosts:\n  web1: { local: true, services: [{ name: nginx, manager: systemd }] }\n';
const policy = (text: string) =>
  `policies:\n  - name: mine\n    match: ['a="b"']\n    action: x\n    verify: { query: 'a == 1' }\n${text}`;

describe('a steward.yml that is refused says where, what was found and what was expected', () => {
  test.each<[reason: string, yaml: string, problems: string[]]>([
    ['an empty file', '', ['steward.yml: found nothing, expected a mapping with hosts, sites and so on']],
    ['a list', '- a', ['steward.yml: found a list, expected a mapping with hosts, sites and so on']],
    [
      'a key given twice',
      'jobs:\n  a: { every: 1h }\n  a: { every: 1h }\n',
      ['steward.yml:3:3: found duplicated mapping key, expected YAML that parses'],
    ],
    [
      'a tab for indentation',
      'hosts:\n\tweb1: {}\n',
      ['steward.yml:2:1: found tab characters must not be used in indentation, expected YAML that parses'],
    ],
    [
      'an unknown key',
      'hosts:\n  web1: { local: true, adress: x }\n',
      ['steward.yml:2:24: hosts.web1.adress: found the unknown key "adress", expected perhaps address'],
    ],
    [
      'an id in capitals',
      'jobs:\n  Backup: { every: 1h }\n',
      [
        'steward.yml:2:3: jobs.Backup: found "Backup", expected an id of a-z, 0-9 and "-", starting with a letter or digit, 63 characters at most',
      ],
    ],
    [
      'a bad duration',
      'jobs:\n  backup: { every: 1 day }\n',
      ['steward.yml:2:20: jobs.backup.every: found "1 day", expected a duration such as 30s, 15m or 1h30m'],
    ],
    [
      'an address that is not http',
      `${host}sites:\n  blog: { host: web1, url: 'ftp://x', path: /x, owner: www-data }\n`,
      [
        'steward.yml:4:28: sites.blog.url: found "ftp://x", expected an http:// or https:// address without credentials',
      ],
    ],
    [
      'credentials in an address',
      `${host}sites:\n  blog: { host: web1, url: 'https://a:b@x/', path: /x, owner: www-data }\n`,
      [
        'steward.yml:4:28: sites.blog.url: found "https://a:b@x/", expected an http:// or https:// address without credentials',
      ],
    ],
    [
      'a host that is not there',
      `${host}sites:\n  blog: { host: web2, url: 'http://x/', path: /x, owner: www-data }\n`,
      ['steward.yml:4:17: sites.blog.host: found "web2", expected a host: web1'],
    ],
    [
      'a service that the host does not have',
      `${host}sites:\n  blog: { host: web1, url: 'http://x/', path: /x, owner: www-data, services: [php] }\n`,
      ['steward.yml:4:79: sites.blog.services[0]: found "php", expected a service of web1: nginx'],
    ],
    [
      'an id in two sections',
      `${host}jobs:\n  web1: { every: 1h }\n`,
      ['steward.yml:4:3: jobs.web1: found a mapping, expected an id that is not also in hosts'],
    ],
    [
      'a host without an address',
      'hosts:\n  web1: {}\n',
      [
        'steward.yml:2:3: hosts.web1.address: found nothing, expected address, or `local: true`',
        'steward.yml:2:3: hosts.web1.read_key_file: found nothing, expected read_key_file, or `local: true`',
        'steward.yml:2:3: hosts.web1.act_key_file: found nothing, expected act_key_file, or `local: true`',
      ],
    ],
    [
      'one key for reading and acting',
      'hosts:\n  web1: { address: a, read_key_file: k, act_key_file: k }\n',
      ['steward.yml:2:55: hosts.web1.act_key_file: found "k", expected another key than the one that reads'],
    ],
    [
      'a policy with a matcher that cannot be read',
      policy('').replace(`'a="b"'`, `'a'`),
      ['steward.yml:3:13: policies[0].match[0]: found "a", expected a matcher such as alertname="SiteDown"'],
    ],
    [
      'a verification that has a value whether it holds or not',
      policy('').replace('a == 1', 'a == bool 1'),
      [
        'steward.yml:5:22: policies[0].verify.query: found "a == bool 1", expected a comparison without `bool`, which has a value whether it holds or not',
      ],
    ],
    [
      'a cooldown shorter than the verification',
      policy('    cooldown: 1m\n'),
      [
        'steward.yml:6:15: policies[0].cooldown: found 1m, expected a cooldown of at least 3m, as long as the verification may take',
      ],
    ],
    [
      'a limit without a window',
      policy('    limit: 3\n'),
      ['steward.yml:6:12: policies[0].limit: found 3, expected a text'],
    ],
    [
      'faults in a shipped policy that was changed, beside others',
      'policies:\n  - { name: fix-permissions, cooldown: 1m }\n  - { name: restart-service, mode: sometimes }\n',
      [
        'steward.yml:3:36: policies[1].mode: found "sometimes", expected one of observe, approve, auto, earn',
        'steward.yml:2:40: policies[0].cooldown: found 1m, expected a cooldown of at least 3m, as long as the verification may take',
      ],
    ],
  ])('%s', async (_reason, yaml, problems) => {
    expect(await problemsOf(yaml)).toEqual(problems);
  });

  test('a file that is not there', async () => {
    expect(await loadInventory('/nonexistent/steward.yml')).toMatchObject({
      ok: false,
      problems: [{ found: 'no file', expected: 'a steward.yml; steward.example.yml shows one' }],
    });
  });

  test('a folder', async () => {
    expect(await loadInventory('/tmp')).toMatchObject({ ok: false, problems: [{ found: 'a folder' }] });
  });

  test('a document of aliases upon aliases is refused, and soon', async () => {
    const levels = 'abcdefghij'.split('');
    const lines = levels.map((name, index) =>
      index === 0 ? 'a: &a [x]' : `${name}: &${name} [${`*${levels[index - 1] ?? ''},`.repeat(10)}]`,
    );
    expect((await problemsOf(lines.join('\n')))[0]).toContain('found the unknown key "a"');
  });
});

describe('a steward.yml that is good', () => {
  test('the example loads', async () => {
    expect(await loadInventory('steward.example.yml')).toMatchObject({ ok: true });
  });

  test('gets its defaults, with durations in milliseconds and modes as numbers', async () => {
    const { inventory } = await loadGoodYaml(
      `${host}sites:\n  blog: { host: web1, url: 'http://x/', path: "/it's mine", owner: www-data }\njobs:\n  backup: { every: 1h30m }\n`,
    );
    expect(inventory.jobs['backup']).toEqual({ every: 5_400_000, grace: 0 });
    expect(inventory.sites['blog']?.permissions).toEqual({ directories: 0o755, files: 0o644, config: 0o640 });
    expect(inventory.hosts['web1']).toMatchObject({ user: 'steward', port: 22 });
  });

  test('cannot be changed', async () => {
    const { inventory } = await loadGoodYaml(host);
    expect(() => Object.assign(inventory.hosts['web1']?.services[0] ?? {}, { name: 'x' })).toThrow(TypeError);
  });

  test('has the shipped policies, observing, and its own changes to them', async () => {
    const { inventory } = await loadGoodYaml('policies:\n  - { name: restart-service, mode: auto }\n');
    expect(inventory.policies.map(({ name, mode }) => [name, mode])).toEqual([
      ['fix-permissions', 'observe'],
      ['restart-service', 'auto'],
    ]);
  });

  test('resolves its files beside itself', async () => {
    const { resolveFile, file } = await loadGoodYaml(host);
    expect(resolveFile('secrets/x')).toBe(file.replace('steward.yml', 'secrets/x'));
    expect(resolveFile('env:X')).toBe('env:X');
  });
});

test('the committed JSON Schema is the one that the schema gives', () => {
  expect(committedSchema).toEqual(JSON.parse(JSON.stringify(inventoryJsonSchema())));
});
