import { randomBytes } from 'node:crypto';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { hash } from 'bcryptjs';
import { createPrivateKey } from '../../hosts/ssh/keys.ts';
import { readSecret } from '../../inventory/secret.ts';
import { CommandError, type Command, type Terminal } from '../command.ts';
import { loadGood } from '../load.ts';
import { exists, secretFiles, type WebFile } from '../secret-files.ts';

/** Each container's own user can read the files that are mounted into it; the folder keeps everybody else on the host out. */
const INSIDE = { file: 0o444, folder: 0o755 };
/** Outside that folder nothing else keeps others out. */
const OUTSIDE = { file: 0o400, folder: 0o700 };
const BCRYPT_COST = 10;

/** Makes the keys and passwords that steward.yml names and that are missing. */
export const secrets: Command = {
  name: 'secrets',
  parameters: [],
  options: [],
  summary: 'make the keys and passwords that are missing; overwrites nothing',
  async run({ configFile }, { print, say }) {
    const files = secretFiles(await loadGood(configFile));
    await makeFolders(files.folder);
    const make = maker(files.folder, print);
    for (const { path, comment } of files.keys) await make(path, () => createPrivateKey(comment));
    for (const path of files.passwords) await make(path, () => randomBytes(32).toString('base64url'));
    for (const file of files.web) await make(file.path, () => webConfiguration(file));
    if (make.made.size === 0) say('nothing was missing');
    for (const { path, passwordFile } of files.web) {
      if (make.made.has(passwordFile) && !make.made.has(path))
        say(`warning: ${path} was made for another password; remove it and run this again`);
    }
    for (const path of files.ofOperator) if (!(await exists(path))) say(`still yours to put there: ${path}`);
    return 0;
  },
};

/** Makes a file with a content where there is none, and keeps a list. */
function maker(folder: string, print: Terminal['print']) {
  const made = new Set<string>();
  const make = async (path: string, content: () => string | Promise<string>): Promise<void> => {
    const status = await stat(path).catch(() => undefined);
    // Docker makes a folder where a file to mount is missing.
    if (status?.isDirectory() === true)
      throw new CommandError(`${path} is a folder, where a file should be; remove it and run this again`);
    if (status !== undefined) return;
    const modes = path.startsWith(folder + sep) ? INSIDE : OUTSIDE;
    await makeFolder(dirname(path), modes.folder);
    await writeFile(path, await content(), { flag: 'wx', mode: modes.file });
    await chmod(path, modes.file);
    made.add(path);
    print(`made ${path}\n`);
  };
  return Object.assign(make, { made });
}

/** Makes a folder, and those above it that are missing, with a mode that no umask takes from. */
async function makeFolder(path: string, mode: number): Promise<void> {
  if (await exists(path)) return;
  await makeFolder(dirname(path), mode);
  await mkdir(path, { mode });
  await chmod(path, mode);
}

async function makeFolders(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of ['read', 'act', 'bots', 'notify']) {
    await mkdir(join(folder, name), { recursive: true });
    await chmod(join(folder, name), INSIDE.folder);
  }
}

async function webConfiguration({ username, passwordFile }: WebFile): Promise<string> {
  const password = await readSecret(passwordFile);
  const hashed = await hash(password.reveal(), BCRYPT_COST);
  return `basic_auth_users:\n  ${JSON.stringify(username)}: ${JSON.stringify(hashed)}\n`;
}
