import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hash } from 'bcryptjs';
import { createPrivateKey } from '../../hosts/ssh/keys.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { readSecret } from '../../inventory/secret.ts';
import type { Command, Terminal } from '../command.ts';
import { loadGood } from '../load.ts';

/** Each container's own user can read the files that are mounted into it; the folder keeps everybody else on the host out. */
const FILE_MODE = 0o444;
const BCRYPT_COST = 10;

/** Makes the keys and passwords that steward.yml names and that are missing. */
export const secrets: Command = {
  name: 'secrets',
  parameters: [],
  summary: 'make the keys and passwords that are missing; overwrites nothing',
  async run({ configFile }, { print, say }) {
    const loaded = await loadGood(configFile);
    const make = maker(print);
    await makeFolders(loaded);
    for (const { path, content } of keyFiles(loaded)) await make(path, content);
    for (const path of passwordFiles(loaded)) await make(path, () => randomBytes(32).toString('base64url'));
    for (const { path, passwordFile, username } of webFiles(loaded)) {
      await make(path, () => webConfiguration(username, passwordFile));
    }
    for (const path of await missingBotPasswords(loaded)) say(`still yours to put there: ${path}`);
    return 0;
  },
};

/** Makes a file with a content where there is none. */
function maker(print: Terminal['print']) {
  return async (path: string, content: () => string | Promise<string>): Promise<void> => {
    if (path.startsWith('env:') || (await exists(path))) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await content(), { flag: 'wx', mode: FILE_MODE });
    await chmod(path, FILE_MODE);
    print(`made ${path}\n`);
  };
}

async function makeFolders({ resolveFile }: LoadedInventory): Promise<void> {
  const folder = resolveFile('secrets');
  for (const name of ['read', 'act', 'bots'])
    await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
  for (const name of ['read', 'act', 'bots']) await chmod(join(folder, name), 0o755);
  await chmod(folder, 0o700);
}

function keyFiles({ inventory, resolveFile }: LoadedInventory) {
  return Object.entries(inventory.hosts).flatMap(([id, { read_key_file, act_key_file }]) => [
    {
      path: resolveFile(read_key_file ?? `secrets/read/${id}`),
      content: () => createPrivateKey(`steward-read-${id}`),
    },
    {
      path: resolveFile(act_key_file ?? `secrets/act/${id}`),
      content: () => createPrivateKey(`steward-act-${id}`),
    },
  ]);
}

function passwordFiles({ inventory, resolveFile }: LoadedInventory): string[] {
  const { exporter, remediator, prometheus, alertmanager } = inventory;
  return [
    exporter.password_file,
    remediator.password_file,
    remediator.webhook_token_file,
    prometheus.password_file,
    alertmanager.password_file,
    'secrets/grafana_admin_password',
  ].map((path) => resolveFile(path));
}

/** The web configuration of Prometheus and Alertmanager, which holds a hash of the password that clients use. */
function webFiles({ inventory, resolveFile }: LoadedInventory) {
  return (['prometheus', 'alertmanager'] as const).map((name) => ({
    path: resolveFile(`secrets/${name}_web.yml`),
    passwordFile: resolveFile(inventory[name].password_file),
    username: inventory[name].username,
  }));
}

async function webConfiguration(username: string, passwordFile: string): Promise<string> {
  const password = await readSecret(passwordFile);
  const hashed = await hash(password.reveal(), BCRYPT_COST);
  return `basic_auth_users:\n  ${JSON.stringify(username)}: ${JSON.stringify(hashed)}\n`;
}

async function missingBotPasswords({ inventory, resolveFile }: LoadedInventory): Promise<string[]> {
  const paths = Object.values(inventory.bots).map(({ password_file }) => resolveFile(password_file));
  const missing = await Promise.all(
    paths.map(async (path) => !path.startsWith('env:') && !(await isReadable(path))),
  );
  return paths.filter((_path, index) => missing[index]);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isReadable(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
