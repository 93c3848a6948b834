import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

const module = new URL('../../../lab/install/debian-mirror.js', import.meta.url).href;

let folder: TempFolder;
let server: Server;
beforeEach(async () => {
  folder = await createTempFolder('steward-mirror');
});
afterEach(async () => {
  if (server.listening) server.close();
  await folder.remove();
});

/** Serves an archive of one package that says whose it is. Returns its address. */
async function startArchive(origin: string): Promise<string> {
  const { stdout } = await runCommand(['dpkg', '--print-architecture']);
  const index = `main/binary-${stdout.trim()}/Packages`;
  const packages = `Package: nothing\nVersion: 1\nArchitecture: all\nFilename: nothing.deb\nSize: 0\n`;
  const release = `Origin: ${origin}
Label: ${origin}
Suite: stable
Codename: some
Date: Mon, 01 Jan 2024 00:00:00 UTC
Components: main
Architectures: ${stdout.trim()}
SHA256:
 ${createHash('sha256').update(packages).digest('hex')} ${packages.length} ${index}
`;
  const files: Readonly<Record<string, string>> = { Release: release, [index]: packages };
  server = createServer(({ url = '' }, response) => {
    const content = files[url.replace('/some-debian/dists/some/', '')];
    response.writeHead(content === undefined ? 404 : 200);
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/some-debian`;
}

/** Asks where apt has one source alone, and no lists yet. */
async function ask(source: string, ...environment: string[]): Promise<string> {
  await writeFile(join(folder.path, 'sources.list'), source);
  const config = join(folder.path, 'apt.conf');
  await writeFile(
    config,
    `Dir::Etc::SourceList "${folder.path}/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::lists "${folder.path}/none";
Acquire::http::Proxy "false";
`,
  );
  const script = `import { debianMirror } from '${module}'; console.log(debianMirror('${folder.path}'));`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  return (await runCommand(['env', `APT_CONFIG=${config}`, ...environment, ...node])).stdout.trim();
}

test('the mirror is the one that apt has, though it has read no lists yet', async () => {
  const address = await startArchive('Debian');
  expect(await ask(`deb [trusted=yes] ${address} some main\n`)).toBe(address);
});

test('where apt has no Debian it says what to do', async () => {
  const address = await startArchive('Somebody');
  const source = `deb [trusted=yes] ${address} some main\n`;
  await expect(ask(source)).rejects.toThrow(/STEWARD_DEBIAN_MIRROR=<address of a mirror of Debian> npm test/);
  expect(await ask(source, 'STEWARD_DEBIAN_MIRROR=http://mirror.test/debian')).toBe(
    'http://mirror.test/debian',
  );
});
