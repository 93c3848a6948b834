import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { debianMirror } from './debian-mirror.js';
import { runAttached, say } from './run.js';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'steward/sid');
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Unpacks packages of Debian's newest suite below the user's cache folder, those that are not there yet. Nothing of the
 * machine's own package system is changed: apt gets a state of its own. `packages` names for each one a file it brings.
 */
export async function unpackPackages(packages) {
  const missing = Object.keys(packages).filter((name) => !existsSync(join(cache, name, packages[name])));
  if (missing.length === 0) return;
  say(`Unpacking of Debian sid, below ${cache}: ${missing.join(' ')}`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, '.apt-'));
  try {
    const apt = aptWithOwnState(folder);
    await succeed([...apt, 'update'], folder);
    await succeed([...apt, 'download', ...missing], folder);
    for (const name of missing) await unpack(name, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function aptWithOwnState(folder) {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'preferences.d']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(
    join(folder, 'sources.list'),
    `deb [signed-by=${keyring}] ${debianMirror(folder)} sid main\n`,
  );
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::Etc::PreferencesParts': join(folder, 'preferences.d'),
    'Acquire::Languages': 'none',
    // A mirror that stands still for a while keeps an index past its date; the packages are still signed.
    'Acquire::Check-Valid-Until': 'false',
    'APT::Sandbox::User': 'root',
    'APT::Update::Post-Invoke-Success::': '',
  };
  return [
    'apt-get',
    '-q',
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

async function unpack(name, folder) {
  const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get downloaded no package ${name}`);
  const unpacked = join(folder, `unpacked-${name}`);
  const { status, stderr } = spawnSync('dpkg-deb', ['-x', join(folder, file), unpacked], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`dpkg-deb could not unpack ${file}: ${stderr}`);
  rmSync(join(cache, name), { recursive: true, force: true });
  renameSync(unpacked, join(cache, name));
}

async function succeed(argv, cwd) {
  const status = await runAttached(argv, { cwd });
  if (status !== 0) throw new Error(`failed with status ${status}: ${argv.join(' ')}`);
}
