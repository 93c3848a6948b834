import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compare } from 'bcryptjs';
import { load } from 'js-yaml';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
  await copyFile('steward.example.yml', at('steward.yml'));
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** All that stands below a folder: its mode and, for a file, its content. */
async function tree(path: string): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const described = entries.map(async (entry) => {
    const place = join(entry.parentPath, entry.name);
    const mode = ((await stat(place)).mode & 0o777).toString(8);
    return [place.slice(path.length + 1), entry.isFile() ? `${mode} ${await readFile(place, 'utf8')}` : mode];
  });
  return Object.fromEntries((await Promise.all(described)) as [string, string][]);
}
const modeOf = async (path: string) => ((await stat(at(path))).mode & 0o777).toString(8);

const MADE = [
  'read/web1',
  'act/web1',
  'exporter_password',
  'ping_token',
  'webhook_token',
  'remediator_password',
  'prometheus_password',
  'alertmanager_password',
  'grafana_admin_password',
  'prometheus_web.yml',
  'alertmanager_web.yml',
];

describe('steward secrets', () => {
  test('makes what is missing, in a folder that keeps others out', async () => {
    expect(steward(folder.path, 'secrets')).toEqual({
      status: 0,
      stdout: MADE.map((name) => `made ${at(`secrets/${name}`)}\n`).join(''),
      stderr: `still yours to put there: ${at('secrets/bots/btc-trend_password')}\n`,
    });
    expect(await modeOf('secrets')).toBe('700');
    for (const name of ['read', 'act', 'bots', 'notify']) expect(await modeOf(`secrets/${name}`)).toBe('755');
    for (const name of MADE) expect(await modeOf(`secrets/${name}`)).toBe('444');
  });

  test('makes passwords of 32 bytes, each another', async () => {
    steward(folder.path, 'secrets');
    const names = MADE.filter((name) => /(password|token)$/.test(name));
    const passwords = await Promise.all(names.map((name) => readFile(at(`secrets/${name}`), 'utf8')));
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(passwords).size).toBe(7);
  });

  test.each(['read', 'act'])('makes a key that OpenSSH takes, to %s', async (role) => {
    steward(folder.path, 'secrets');
    // ssh-keygen refuses a private key that others may read.
    await chmod(at(`secrets/${role}/web1`), 0o400);
    const { stdout } = await runCommand(['ssh-keygen', '-lf', at(`secrets/${role}/web1`)]);
    expect(stdout).toMatch(new RegExp(`^256 SHA256:\\S+ steward-${role}-web1 \\(ED25519\\)\n$`));
  });

  test.each(['prometheus', 'alertmanager'])('hashes the password that clients of %s use', async (name) => {
    await writeFile(at('steward.yml'), `${name}: { username: 'a: b' }\n`);
    steward(folder.path, 'secrets');
    const web = load(await readFile(at(`secrets/${name}_web.yml`), 'utf8')) as {
      basic_auth_users: Record<string, string>;
    };
    const password = await readFile(at(`secrets/${name}_password`), 'utf8');
    expect(Object.keys(web)).toEqual(['basic_auth_users']);
    expect(Object.keys(web.basic_auth_users)).toEqual(['a: b']);
    expect(web.basic_auth_users['a: b']).toMatch(/^\$2[aby]\$10\$/);
    expect(await compare(password, web.basic_auth_users['a: b'] ?? '')).toBe(true);
  });

  test('changes nothing the second time, and prints no secret', async () => {
    const first = steward(folder.path, 'secrets');
    const before = await tree(at('secrets'));
    expect(steward(folder.path, 'secrets')).toEqual({
      status: 0,
      stdout: '',
      stderr: `nothing was missing\nstill yours to put there: ${at('secrets/bots/btc-trend_password')}\n`,
    });
    expect(await tree(at('secrets'))).toEqual(before);
    expect(Object.keys(before)).toHaveLength(15);
    for (const secret of Object.values(before).map((text) => text.slice(4).trim()))
      if (secret !== '') expect(first.stdout + first.stderr).not.toContain(secret);
  });

  test("leaves the operator's own password, and hashes it", async () => {
    await mkdir(at('secrets'));
    await writeFile(at('secrets/prometheus_password'), 'my own\n');
    steward(folder.path, 'secrets');
    expect(await readFile(at('secrets/prometheus_password'), 'utf8')).toBe('my own\n');
    const hashed = /\$2[^"]+/.exec(await readFile(at('secrets/prometheus_web.yml'), 'utf8'))?.[0];
    expect(await compare('my own', hashed ?? '')).toBe(true);
  });

  test('warns where a hash is left of a password that is gone', async () => {
    steward(folder.path, 'secrets');
    await rm(at('secrets/prometheus_password'));
    const { stdout, stderr } = steward(folder.path, 'secrets');
    expect(stdout).toBe(`made ${at('secrets/prometheus_password')}\n`);
    expect(stderr).toContain(
      `warning: ${at('secrets/prometheus_web.yml')} was made for another password; remove it and run this again\n`,
    );
  });

  test('makes the folders also when no host is named, and leaves out what is in the environment', async () => {
    await writeFile(
      at('steward.yml'),
      'remediator: { password_file: env:A, webhook_token_file: env:B }\nexporter: { password_file: env:C }\n' +
        'prometheus: { password_file: env:D }\nalertmanager: { password_file: env:E }\n',
    );
    expect(steward(folder.path, 'secrets')).toEqual({
      status: 0,
      stdout: `made ${at('secrets/ping_token')}\nmade ${at('secrets/grafana_admin_password')}\n`,
      stderr: '',
    });
    expect((await readdir(folder.path)).sort()).toEqual(['secrets', 'steward.yml']);
    expect((await readdir(at('secrets'))).sort()).toEqual([
      'act',
      'bots',
      'grafana_admin_password',
      'notify',
      'ping_token',
      'read',
    ]);
  });

  test('keeps others from what is outside that folder, with the web configuration beside its password', async () => {
    await writeFile(
      at('steward.yml'),
      'hosts: { a: { address: h, read_key_file: keys/r, act_key_file: keys/a } }\nprometheus: { password_file: p/w }\n',
    );
    expect(steward(folder.path, 'secrets').status).toBe(0);
    for (const path of ['keys/r', 'keys/a', 'p/w', 'p/prometheus_web.yml'])
      expect(await modeOf(path)).toBe('400');
    expect(await modeOf('keys')).toBe('700');
  });

  test('names what else people bring', async () => {
    await writeFile(
      at('steward.yml'),
      'notify: { telegram: { chat: "1", token_file: secrets/t }, webhook: { url: "http://h", secret_file: secrets/w } }\n',
    );
    expect(steward(folder.path, 'secrets').stderr).toBe(
      `still yours to put there: ${at('secrets/t')}\nstill yours to put there: ${at('secrets/w')}\n`,
    );
  });

  test('does not take a folder for a file', async () => {
    await mkdir(at('secrets/webhook_token'), { recursive: true });
    expect(steward(folder.path, 'secrets')).toMatchObject({
      status: 1,
      stderr: `${at('secrets/webhook_token')} is a folder, where a file should be; remove it and run this again\n`,
    });
  });
});
