import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { inventorySchema } from '../../inventory/schema/inventory.ts';
import { resolveStack, root, type Service, type Stack } from './compose.ts';

let page: string;
let stack: Stack;
let usual: Stack;

beforeAll(async () => {
  page = await readFile(path.join(root, 'docs/journal.md'), 'utf8');
  const variables = blockOf('sh')
    .split('\n')
    .map((line) => line.trim());
  const { stack: found, complaints } = await resolveStack(variables.filter((line) => line !== ''));
  expect(complaints).toBe('');
  stack = found;
  usual = (await resolveStack()).stack;
});

/** What docs/journal.md has in its section on containers. */
function blockOf(language: string): string {
  const section = page.slice(page.indexOf('## In containers'), page.indexOf('## From one to the other'));
  const [, text] = new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(section) ?? [];
  if (text === undefined) throw new Error(`no block of ${language}`);
  return text;
}

function service(name: string): Service {
  const found = stack.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

test('the profile adds a database and a second remediator, and neither is there without it', () => {
  expect(Object.keys(stack.services).sort()).toEqual(
    [...Object.keys(usual.services), 'postgres', 'remediator-2'].sort(),
  );
});

test('the second remediator is as the first, but that it publishes nothing and has no file of a journal', () => {
  const { ports, volumes = [], ...first } = service('remediator');
  const { ports: otherPorts = [], volumes: otherVolumes = [], ...second } = service('remediator-2');
  expect({ ...second, profiles: undefined }).toEqual({ ...first, profiles: undefined });
  expect(ports).toHaveLength(1);
  expect(otherPorts).toEqual([]);
  expect(otherVolumes).toEqual(volumes.filter(({ type }) => type === 'bind'));
});

test('the journal of steward.yml is the database, with its user, name, port and password', () => {
  const { remediator } = inventorySchema.parse(load(blockOf('yaml')));
  const { hostname, username, pathname, port } = new URL(remediator.journal);
  const { environment = {}, secrets = [] } = service(hostname);
  expect([username, pathname, port]).toEqual([
    environment['POSTGRES_USER'],
    `/${environment['POSTGRES_DB'] ?? ''}`,
    '5432',
  ]);
  const { file } = stack.secrets['journal_password'] ?? {};
  expect(path.relative(root, file ?? '')).toBe(remediator.journal_password_file);
  expect(secrets.map(({ source }) => source)).toEqual(['journal_password']);
  for (const name of ['remediator', 'remediator-2'])
    expect(service(name).secrets).toContainEqual(
      expect.objectContaining({
        source: 'journal_password',
        target: `/etc/steward/${remediator.journal_password_file ?? ''}`,
      }),
    );
});

test('the database is kept to itself, as all others are', () => {
  expect(service('postgres')).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges=true'],
    restart: 'unless-stopped',
  });
  expect(service('postgres').user).not.toMatch(/^0?:/);
  expect(service('postgres').ports ?? []).toEqual([]);
  expect(service('postgres').image).toMatch(/:\d+\.\d+$/);
  expect(service('postgres').volumes).toMatchObject([{ type: 'volume', source: 'postgres' }]);
});

const scraped = [
  "targets: ['remediator:9841']",
  "targets: ['remediator:9841', 'remediator-2:9841']",
] as const;

test.each([
  ['alertmanager/alertmanager.yml', 'http://remediator:9841/webhook', 'http://remediator-2:9841/webhook'],
  ['prometheus/prometheus.yml', ...scraped],
  ['prometheus/prometheus-scale.yml', ...scraped],
])('what is to be changed in %s is there, and the page says what to', async (file, from, to) => {
  expect(await readFile(path.join(root, file), 'utf8')).toContain(from);
  expect(page).toContain(`\`${file}\``);
  expect(page).toContain(to);
});
